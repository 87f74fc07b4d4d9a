// Single keys, wherever nobody types: to the next post, what one does with it, to other pages; ? lists
// them. They press the links and buttons that are there. Who has switched them off has no [data-keys].
const sheet = document.querySelector("[data-keys]");
const GO_MS = 1500;
const ACTS = { r: "reply", f: "favourite", b: "boost", d: "bookmark" };
// Where the letters of a keyboard are others, its key counts by its place.
const LETTER = /^[a-z?]$/;
const TYPING = "input, textarea, select, [contenteditable]";
// Where a card begins when it is at hand, from the upper edge of the window.
const TOP_PX = 80;

let current = null;
let goAt = -GO_MS;

if (sheet) {
  document.addEventListener("keydown", press);
  document.addEventListener("focusin", ({ target }) => {
    current = target.closest("main article") ?? current;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-keys-open]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
}

function press(event) {
  const { target, key, code, ctrlKey, metaKey, altKey } = event;
  if (event.defaultPrevented || event.isComposing || ctrlKey || metaKey || altKey) return;
  if (target.closest?.(TYPING) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  const letter = LETTER.test(key) ? key : key === "؟" ? "?" : latin(event, code);
  const isGoing = event.timeStamp - goAt < GO_MS;
  goAt = letter === "g" && !isGoing ? event.timeStamp : -GO_MS;
  if (isGoing ? go(letter) : act(letter, event.repeat)) event.preventDefault();
}

function latin({ shiftKey, key }, code) {
  const isOther = !shiftKey && key.length === 1 && key > "\u007f";
  return isOther && /^Key[A-Z]$/.test(code) ? code.at(-1).toLowerCase() : "";
}

function go(letter) {
  return pressed(document.querySelector(`[data-go="${CSS.escape(letter)}"]`));
}

function act(letter, isRepeated) {
  if (letter === "j") return step(1);
  if (letter === "k") return step(-1);
  if (isRepeated) return false;
  if (letter === "?") return open();
  if (letter === "n") return write();
  return letter in ACTS && pressed(card()?.querySelector(`[id^="${ACTS[letter]}-"]`));
}

function cards() {
  return [...document.querySelectorAll("main article")].filter((each) => each.checkVisibility());
}

// The one with the focus, else the one that had it, as long as it is on the screen.
function card() {
  const focused = document.activeElement.closest("main article");
  if (focused) return focused;
  return current?.isConnected && isOnScreen(current) ? current : null;
}

function isOnScreen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > TOP_PX && top < innerHeight;
}

function step(by) {
  const all = cards();
  const here = all.indexOf(card());
  const first = all.findIndex((each) => each.getBoundingClientRect().bottom > TOP_PX);
  const next = here < 0 ? all[first] : all[here + by];
  const goal = next ?? (by > 0 && document.querySelector("main [data-older]"));
  goal?.focus?.();
  return Boolean(goal);
}

function write() {
  const field = document.querySelector("main #write");
  if (!field) return pressed(document.querySelector("[data-write]"));
  field.focus();
  return true;
}

function open() {
  const { activeElement } = document;
  const show = () => {
    if (!sheet.childElementCount || sheet.open) return;
    sheet.showModal();
    sheet.addEventListener("close", () => activeElement.focus({ preventScroll: true }), { once: true });
  };
  if (sheet.childElementCount) show();
  else fetchSheet().then(show);
  return true;
}

function fetchSheet() {
  const swap = "innerHTML"; // What comes is our own template.
  return htmx.ajax("GET", sheet.dataset.keys, { target: sheet, swap });
}

function pressed(element) {
  element?.click();
  return Boolean(element);
}
