// [data-translation]: takes the place of the post's own text, until "Show original" is pressed.
function reveal(root) {
  for (const button of root.querySelectorAll(".post [data-original]")) button.hidden = false;
}

document.addEventListener("htmx:load", ({ target }) => {
  if (target.matches("[data-translation]")) reveal(target.parentElement);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-original]");
  if (!button) return;
  button.closest("[data-translation]").classList.toggle("is-original");
  const { back } = button.dataset;
  button.dataset.back = button.textContent;
  button.textContent = back;
});
