// [data-composer]: counts as the server does, says what is left, and posts by Ctrl+Enter.
const LINK = /https?:\/\/\S+/gi;
const LINK_LENGTH = 23;
const SPOKEN_FROM = 40;
const QUIET_MS = 800;

const segmenter = new Intl.Segmenter();
const graphemes = (text) => [...segmenter.segment(text)].length;

function length(text) {
  const links = text.match(LINK) ?? [];
  return graphemes(text.replace(LINK, "")) + links.length * LINK_LENGTH;
}

for (const form of document.querySelectorAll("[data-composer]")) {
  const { text: field, warning } = form.elements;
  const hint = form.querySelector("[data-hint]");
  const spoken = form.querySelector("[data-hint-spoken]");
  const { limit, left: leftWords, over: overWords } = field.dataset;
  let pause;

  const left = () => limit - length(field.value.trim()) - length(warning.value.trim());

  function show() {
    const rest = left();
    const words = (rest < 0 ? overWords : leftWords).replace("{number}", Math.abs(rest));
    hint.textContent = rest;
    form.classList.toggle("is-over", rest < 0);
    clearTimeout(pause);
    pause = setTimeout(() => {
      spoken.textContent = rest < SPOKEN_FROM ? words : "";
    }, QUIET_MS);
  }

  form.addEventListener("input", show);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    if (left() >= 0) return;
    event.preventDefault();
    field.focus();
  });
  // Once opened it stays open: what is below must not move while somebody reaches for it.
  form.addEventListener("focusin", () => form.classList.add("is-open"), { once: true });
  // One goes on behind the names that an answer begins with.
  const goBehind = () => field.setSelectionRange(field.value.length, field.value.length);
  if (document.activeElement === field) goBehind();
  else field.addEventListener("focus", goBehind, { once: true });
  // Browsers fill a field again when people come back.
  addEventListener("pageshow", show);
}
