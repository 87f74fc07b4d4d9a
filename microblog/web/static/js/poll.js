// [data-poll]: asks now and then what waits for the reader, and says so: beside the navigation, in the
// title and, on the home page, above the posts. It never inserts any. Nobody looking, it rests.
const place = document.querySelector("[data-poll]");
// Whoever comes back to a page wants to know at once, but not each time they look up.
const GLANCE_MS = 5000;

if (place) {
  const { poll, pollSeconds, unread } = place.dataset;
  const posts = document.querySelector("[data-new-posts]");
  const title = document.title.slice(unread.length);
  const query = posts?.dataset.after ? `?after=${encodeURIComponent(posts.dataset.after)}` : "";
  const pauseMs = pollSeconds * 1000;
  let timer;
  let askedAt = Date.now();

  function showPosts({ count, label }) {
    const link = posts?.querySelector("a");
    if (!link || !count || link.textContent === label) return;
    link.textContent = label;
    link.hidden = false;
  }

  function showBadge(name, { shown, label }) {
    const badge = place.querySelector(`[data-badge=${name}]`);
    if (!badge || badge.firstChild.textContent === shown) return;
    badge.firstChild.textContent = shown;
    badge.lastChild.textContent = ` ${label}`;
    badge.hidden = !shown;
  }

  function show({ new_posts, unread }) {
    showPosts(new_posts);
    showBadge("notifications", unread.notifications);
    showBadge("messages", unread.messages);
    document.title = (unread.title || (new_posts.count ? "• " : "")) + title;
  }

  async function ask() {
    askedAt = Date.now();
    try {
      const answer = await fetch(poll + query, {
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (answer.ok) show(await answer.json());
    } catch {
      // Offline or logged out: the next turn asks again.
    }
  }

  function follow() {
    clearInterval(timer);
    if (document.visibilityState !== "visible") return;
    if (Date.now() - askedAt >= Math.min(pauseMs, GLANCE_MS)) ask();
    timer = setInterval(ask, pauseMs);
  }

  document.addEventListener("visibilitychange", follow);
  // Something was read on this page.
  document.addEventListener("microblog:read", ask);
  follow();
}
