// .follow: the same person may be shown twice on a page, and all their buttons tell the same.
document.addEventListener("htmx:load", ({ target }) => {
  if (!target.matches(".follow")) return;
  const person = (button) => button.getAttribute("formaction").replace(/\/\w+$/, "");
  for (const other of document.querySelectorAll(".follow[formaction]")) {
    if (other === target || person(other) !== person(target)) continue;
    if (other.getAttribute("formaction") === target.getAttribute("formaction")) continue;
    const copy = target.cloneNode(true);
    other.replaceWith(copy);
    htmx.process(copy);
  }
  keepFresh(target);
});

// It offers its opposite on approach; a button that has just become one is not approached yet.
function keepFresh(button) {
  button.classList.add("is-fresh");
  const settle = () => button.classList.remove("is-fresh");
  button.addEventListener("pointerleave", settle, { once: true });
  button.addEventListener("blur", settle, { once: true });
}
