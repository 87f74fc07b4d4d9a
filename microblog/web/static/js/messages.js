// [data-conversation]: what the others say appears by itself, and is read once it was on the screen.
// form[data-send]: Ctrl+Enter sends; what was sent in place leaves an empty field.
const PAUSE_MS = 10000;
const NEAR_PX = 160;

const place = document.querySelector("[data-conversation][data-live]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-send]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// A message that two answers bring, and a day that begins on two pages, are there once.
document.addEventListener("htmx:load", ({ target }) => {
  if (!target.id || !target.closest?.("[data-conversation]")) return;
  for (const twin of [...document.querySelectorAll(`[id="${target.id}"]`)].slice(1)) twin.remove();
});

if (place) follow(place.dataset.conversation, place.querySelector("#newest"));

function follow(url, end) {
  const state = () => document.querySelector("#message-state");
  const isNear = () => end.getBoundingClientRect().top < innerHeight + NEAR_PX;
  const showEnd = () => end.scrollIntoView({ block: "end", behavior: "instant" });
  let askedAt = Date.now();
  let timer;

  async function read() {
    const known = state();
    if (document.hidden || !known?.hasAttribute("data-unread")) return;
    known.removeAttribute("data-unread");
    document.querySelector("[data-read-form]")?.remove();
    const values = { message: known.dataset.read };
    await htmx.ajax("POST", `${url}/read`, { values, swap: "none" });
    document.dispatchEvent(new Event("microblog:read"));
  }

  async function ask() {
    const after = state()?.querySelector("[name=after]").value;
    if (!after) return;
    askedAt = Date.now();
    try {
      const answer = await fetch(`${url}?after=${after}`, {
        headers: { "HX-Request": "true" },
        redirect: "error",
      });
      if (answer.status === 200) insert(await answer.text());
    } catch {
      // Offline or logged out: the next turn asks again.
    }
  }

  function insert(html) {
    const wasNear = isNear();
    htmx.swap(end, html, { swapStyle: "beforebegin", settleDelay: 0 });
    if (wasNear) showEnd();
    read();
  }

  function watch() {
    clearInterval(timer);
    if (document.hidden) return;
    read();
    if (Date.now() - askedAt >= PAUSE_MS) ask();
    timer = setInterval(ask, PAUSE_MS);
  }

  // Whoever has pressed the button goes on writing.
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target.matches("#message-form")) target.elements.text.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.elt.matches?.("#message-form") || detail.xhr.status !== 200) return;
    empty(detail.elt);
    showEnd();
  });
  document.addEventListener("visibilitychange", watch);
  if (location.hash === "#newest") showEnd();
  watch();
}

function empty(form) {
  const field = form.elements.text;
  field.value = "";
  field.classList.remove("is-invalid");
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
  form.querySelector(".field-error")?.remove();
}
