// hx-confirm: asks in the page's own dialog instead of the browser's.
const dialog = document.querySelector("#confirm");
const act = document.querySelector("#act");

document.addEventListener("htmx:confirm", (event) => {
  const { elt, target, question, path, issueRequest } = event.detail;
  if (!question || !dialog) return;
  event.preventDefault();
  dialog.querySelector("#confirm-question").textContent = question;
  dialog.querySelector("#confirm-detail").textContent = elt.dataset.confirmDetail ?? "";
  dialog.querySelector("[data-confirm-button]").textContent = elt.dataset.confirmLabel ?? question;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "confirm") return;
      if (target.closest("[data-focused]")) leaveBy(path);
      else issueRequest(true);
    },
    { once: true },
  );
});

// A click beside the dialog means no.
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close("cancel");
});

// The page of the post goes with the post, so the server says where to.
function leaveBy(path) {
  act.action = path;
  act.submit();
}
