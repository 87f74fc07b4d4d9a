// [data-dismiss]: closes the message it is in. Messages stay until then, or until the next page.
const notices = document.querySelector("#notices");
const flashes = document.querySelector("#flashes");
let before = null;

function reveal(root) {
  for (const button of root.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

document.addEventListener("focusin", ({ target }) => {
  if (!target.closest(".flash, #notices")) before = target;
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-dismiss]");
  if (!button) return;
  button.closest(".flash, .error-page").remove();
  (before?.isConnected ? before : document.querySelector("#main")).focus({ preventScroll: true });
});

function sayOffline() {
  const notice = document.querySelector("#offline-notice");
  notices.replaceChildren(notice.content.cloneNode(true));
}

if (flashes) reveal(flashes);
if (notices) {
  new MutationObserver(() => reveal(notices)).observe(notices, { childList: true });
  document.addEventListener("htmx:sendError", sayOffline);
  document.addEventListener("htmx:timeout", sayOffline);
}
