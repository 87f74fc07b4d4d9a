// [data-menu]: opens what it links to as a menu beside it. Arrow keys go through it; what is chosen
// and the key Escape close it and give the focus back.
const menu = document.querySelector("#menu");
const GAP = 8;
// What the menu belongs to while it is open, and what was asked for last.
let opener = null;
let asked = null;

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("[data-menu]");
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || !menu?.showPopover || isElsewhere) return;
  event.preventDefault();
  if (opener === link) return menu.hidePopover();
  asked = link;
  menu.replaceChildren();
  const swap = "innerHTML"; // What comes is our own template.
  await htmx.ajax("GET", link.getAttribute("href"), { source: link, target: menu, swap });
  if (asked === link && menu.childElementCount) open(link);
});

function open(link) {
  opener = link;
  opener.ariaExpanded = "true";
  opener.focus({ preventScroll: true });
  menu.showPopover();
  place(link);
  items()[0]?.focus({ preventScroll: true });
}

// Below the link and in line with its end, or above it where there is no room.
function place(link) {
  const { top, bottom, left, right } = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const fits = bottom + height + GAP < innerHeight || top < height + GAP;
  const isRightToLeft = getComputedStyle(link).direction === "rtl";
  const most = document.documentElement.clientWidth - width - GAP;
  const start = Math.max(GAP, Math.min(isRightToLeft ? left : right - width, most));
  menu.style.top = `${scrollY + (fits ? bottom : top - height)}px`;
  menu.style.left = `${scrollX + start}px`;
}

function items() {
  return [...menu.querySelectorAll(".menu-item")].filter((item) => item.offsetParent);
}

menu?.addEventListener("keydown", (event) => {
  const all = items();
  const here = all.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all.at(next % all.length).focus();
});

// Before the item does its work, so that a question that it asks comes back to the link.
menu?.addEventListener("click", ({ target }) => target.closest(".menu-item") && menu.hidePopover(), true);

// Also where the focus comes back from the end of the page.
document.addEventListener("focusin", ({ target }) => {
  if (opener && target !== opener && !menu.contains(target)) menu.hidePopover();
});

// It would not stand beside its link any more.
addEventListener("resize", () => opener && menu.hidePopover());

menu?.addEventListener("toggle", ({ newState }) => {
  if (newState !== "closed" || !opener) return;
  opener.ariaExpanded = null;
  opener = null;
});
