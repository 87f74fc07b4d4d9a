// [data-copy-link]: puts the whole address of the path in the attribute on the clipboard, and says so.
function offer(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy-link]")) button.parentElement.hidden = false;
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy-link]");
  if (!button) return;
  await navigator.clipboard.writeText(new URL(button.dataset.copyLink, location).href);
  const notice = document.querySelector("#copied-notice");
  document.querySelector("#notices").replaceChildren(notice.content.cloneNode(true));
});

document.addEventListener("htmx:afterSwap", ({ target }) => offer(target));
offer(document);
