// [data-keep-place]: coming back shows the same post at the same height, also when it had been loaded
// by "Older", or when new posts stand above it now. Each place is kept with its entry of the history.
const MAX_PAGES = 20;
const PAUSE_MS = 400;

const list = document.querySelector("[data-keep-place]");

if (list) {
  let pause;
  const remember = () => {
    // The smallest ones: a card, or a part of it, and nothing that cards are in.
    const cards = [...list.querySelectorAll("[id]:not(:has([id]))")];
    const card = cards.find((each) => each.getBoundingClientRect().bottom > 0);
    const keep = card && scrollY > 0 ? { id: card.id, top: card.getBoundingClientRect().top } : null;
    history.replaceState({ ...history.state, keep }, "");
  };
  addEventListener("scroll", () => {
    clearTimeout(pause);
    pause = setTimeout(remember, PAUSE_MS);
  }, { passive: true });
  document.addEventListener("click", remember, { capture: true });

  const [navigation] = performance.getEntriesByType("navigation");
  if (history.state?.keep && navigation?.type === "back_forward") comeBack(history.state.keep);
}

async function comeBack({ id, top }) {
  // Until the page is left: while it still loads, the browser would put it where it was in pixels.
  history.scrollRestoration = "manual";
  addEventListener("pagehide", () => { history.scrollRestoration = "auto"; });
  for (let page = 0; page < MAX_PAGES && !document.getElementById(id); page++) {
    const older = list.querySelector("[data-older]");
    if (!older) break;
    await htmx.ajax("GET", older.getAttribute("href"), { target: older.closest(".pager") });
  }
  const card = document.getElementById(id);
  if (card) scrollBy({ top: card.getBoundingClientRect().top - top, behavior: "instant" });
}
