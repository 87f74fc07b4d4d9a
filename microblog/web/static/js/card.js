// Links to people in posts and lists show who it is, after a moment under the mouse or the focus.
// Each person is asked for once a page; the Tab key goes from the link to the button and on.
const card = document.querySelector("#person-card");
const LINKS = ".post a, .account a, [data-person]";
const PERSON = /^\/@\w+$/;
const OPEN_MS = 500;
const CLOSE_MS = 250;
const GAP = 4;
const parts = new Map();
let link = null;
let isByKeys = false;
let opening = 0;
let closing = 0;
let mouseX = 0;
let mouseY = 0;

function personLink(target) {
  const found = target.closest?.(LINKS);
  return card?.showPopover && found && PERSON.test(found.getAttribute("href") ?? "") ? found : null;
}

document.addEventListener("pointerover", ({ target, pointerType, screenX, screenY }) => {
  if (pointerType === "touch") return;
  const found = personLink(target);
  // Where the page moves under a mouse that rests, nobody has pointed at anything.
  if (found && screenX === mouseX && screenY === mouseY) return;
  if (found) expect(found, false);
  else if (card?.contains(target)) clearTimeout(closing);
  else leave();
});

document.addEventListener("pointermove", ({ screenX, screenY }) => {
  [mouseX, mouseY] = [screenX, screenY];
});

document.addEventListener("focusin", ({ target }) => {
  const found = personLink(target);
  if (card?.contains(target)) return;
  // Neither what is open nor what was about to open may lie over where the focus is now.
  if (!found || found !== link) close();
  if (found?.matches(":focus-visible")) expect(found, true);
});

document.addEventListener("keydown", (event) => {
  if (!link && !opening) return;
  if (event.key === "Escape") return dismiss(event);
  if (event.key !== "Tab" || !link || !isByKeys) return;
  const stop = part()?.querySelector("button, .btn");
  const { activeElement: active } = document;
  if (active === link && stop && !event.shiftKey) {
    event.preventDefault();
    stop.focus({ preventScroll: true });
  } else if (active === stop) {
    // Backwards one is at the link; forwards one goes on from there.
    if (event.shiftKey) event.preventDefault();
    link.focus({ preventScroll: true });
  }
});

window.addEventListener("pagehide", close);
window.addEventListener("resize", () => link && place());
document.addEventListener("htmx:afterSettle", () => link && !link.isConnected && close());

// In time for it to be there, should one stay.
function expect(found, byKeys) {
  clearTimeout(closing);
  if (found === link) return;
  clearTimeout(opening);
  opening = setTimeout(() => show(found, byKeys), link ? CLOSE_MS : OPEN_MS);
}

function leave() {
  clearTimeout(opening);
  opening = 0;
  clearTimeout(closing);
  if (link && !isByKeys) closing = setTimeout(close, CLOSE_MS);
}

async function show(found, byKeys) {
  const turn = opening;
  const path = found.getAttribute("href");
  if (!parts.has(path)) parts.set(path, fetchPart(path));
  const shown = await parts.get(path);
  // One may have gone elsewhere while it was fetched.
  if (turn !== opening || !found.isConnected) return;
  close();
  if (!shown) return;
  for (const other of card.children) other.hidden = other !== shown;
  link = found;
  isByKeys = byKeys;
  link.setAttribute("aria-describedby", card.id);
  card.showPopover();
  place();
}

async function fetchPart(path) {
  try {
    const answer = await fetch(`${path}/card`, { headers: { "HX-Request": "true" } });
    if (answer.status !== 200) return null;
    const holder = document.createElement("div");
    holder.innerHTML = await answer.text(); // Our own template.
    card.append(holder);
    htmx.process(holder);
    return holder;
  } catch {
    parts.delete(path);
    return null;
  }
}

function part() {
  return [...card.children].find((child) => !child.hidden);
}

// Below the link, or above it where there is no room.
function place() {
  const { top, bottom, left, right } = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const fits = bottom + height + GAP < innerHeight || top < height + GAP;
  const isRightToLeft = getComputedStyle(link).direction === "rtl";
  const most = document.documentElement.clientWidth - width - GAP;
  const start = Math.max(GAP, Math.min(isRightToLeft ? right - width : left, most));
  card.style.top = `${scrollY + (fits ? bottom + GAP : top - height - GAP)}px`;
  card.style.left = `${scrollX + start}px`;
}

function dismiss(event) {
  if (link) event.preventDefault();
  const back = card.contains(document.activeElement) && link;
  close();
  if (back) back.focus({ preventScroll: true });
  clearTimeout(opening);
  opening = 0;
}

function close() {
  clearTimeout(opening);
  clearTimeout(closing);
  opening = 0;
  if (!link) return;
  link.removeAttribute("aria-describedby");
  link = null;
  isByKeys = false;
  card.hidePopover();
}
