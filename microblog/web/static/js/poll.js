// [data-poll]: asks now and then whether there are new posts and says so. It never inserts them.
const place = document.querySelector("[data-poll]");

if (place?.dataset.after) {
  const { poll, after, pollSeconds } = place.dataset;
  const link = place.querySelector("a");
  const title = document.title;
  const pauseMs = pollSeconds * 1000;
  let timer;
  let askedAt = Date.now();

  function show({ count, label }) {
    if (!count || link.textContent === label) return;
    link.textContent = label;
    link.hidden = false;
    document.title = `(${count}) ${title}`;
  }

  async function ask() {
    askedAt = Date.now();
    try {
      const answer = await fetch(`${poll}?after=${encodeURIComponent(after)}`, {
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (answer.ok) show((await answer.json()).new_posts);
    } catch {
      // Offline or logged out: the next turn asks again.
    }
  }

  function follow() {
    clearInterval(timer);
    if (document.visibilityState !== "visible") return;
    if (Date.now() - askedAt >= pauseMs) ask();
    timer = setInterval(ask, pauseMs);
  }

  document.addEventListener("visibilitychange", follow);
  follow();
}
