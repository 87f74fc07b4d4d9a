// Focus stays where the work is: on the same button made anew, on the next card, on the first new
// post.
let findNext = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  findNext = null;
  const { target, isError, requestConfig } = detail;
  // What a script asked for moves nothing.
  if (isError || !requestConfig.triggeringEvent) return;
  if (target.matches(".post")) findNext = afterRemoving(target);
  else if (target.matches(".pager") || target.contains(document.activeElement)) findNext = inPlaceOf(target);
});

document.addEventListener("htmx:afterRequest", () => {
  findNext?.()?.focus({ preventScroll: true });
  findNext = null;
});

function afterRemoving(card) {
  const isCard = (element) => element?.matches(".post");
  const next = [card.nextElementSibling, card.previousElementSibling].find(isCard);
  return () => next ?? document.querySelector("#main");
}

function inPlaceOf(target) {
  const { parentElement: parent, previousElementSibling: previous } = target;
  const { id } = target.contains(document.activeElement) ? document.activeElement : {};
  return () => {
    const same = id && document.getElementById(id);
    if (same) return same;
    const first = previous?.isConnected ? previous.nextElementSibling : parent.firstElementChild;
    const canFocus = "button, article, [data-focus], a:not([tabindex='-1'])";
    return first?.matches(canFocus) ? first : first?.querySelector(canFocus);
  };
}

// A form that came back is looked at where something is wrong.
document.querySelector("form :is([aria-invalid=true], [data-reminders])")?.focus();
