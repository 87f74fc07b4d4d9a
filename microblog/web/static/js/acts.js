// Requests of htmx carry the token of the page's one form.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector("#act [name=csrf_token]");
  if (token) detail.headers["X-CSRFToken"] = token.value;
});
