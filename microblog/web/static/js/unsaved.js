// form[data-unsaved]: asks before somebody leaves with text that is not sent.
const isChanged = (field) => field.defaultValue !== undefined && field.type !== "hidden" && field.value !== field.defaultValue;

addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-unsaved]:not([data-sent])")) {
    if ([...form.elements].some(isChanged)) event.preventDefault();
  }
});
