// [data-translation]: takes the place of the post's own text, until "Show original" is pressed.
document.addEventListener("htmx:load", ({ target }) => {
  if (!target.matches(".post [data-translation]")) return;
  const button = target.querySelector("[data-original]");
  button.hidden = false;
  // One goes on where "Translate" was, unless one has gone elsewhere meanwhile.
  const { activeElement: active } = document;
  if (active === document.body || target.contains(active)) button.focus({ preventScroll: true });
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-original]");
  if (!button) return;
  button.closest("[data-translation]").classList.toggle("is-original");
  const { back } = button.dataset;
  button.dataset.back = button.textContent;
  button.textContent = back;
});
