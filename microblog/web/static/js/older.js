// Posts that "Older" has added follow those that are here already, so nothing newer is elsewhere.
document.addEventListener("htmx:load", ({ target }) => {
  if (target.matches(".pager") && !location.search) target.querySelector(".pager-newer")?.remove();
});
