// form[data-unsaved]: asks before somebody leaves with text that is not sent. What the server gave
// back ("already") was never saved; what is kept by now ([data-kept]) may be left.
const isChanged = (field) => field.defaultValue !== undefined && field.type !== "hidden" && field.value !== field.defaultValue;

addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-unsaved]:not([data-sent], [data-kept])")) {
    if (form.dataset.unsaved || [...form.elements].some(isChanged)) event.preventDefault();
  }
});
