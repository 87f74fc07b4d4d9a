// [data-audience]: says whom a post for those it mentions reaches, as their names are typed.
const NAME = /(?<![\p{L}\p{M}\p{N}_/@])@([a-z0-9_]{1,30})(?![\p{L}\p{M}\p{N}_@])/giu;
// Further names are only hinted at.
const NAMED = 3;

for (const list of document.querySelectorAll("[data-audience]")) {
  const option = list.querySelector("[data-somebody]");
  const { text } = list.form.elements;
  const { nobody, somebody } = option.dataset;

  function show() {
    const names = new Set([...text.value.matchAll(NAME)].map(([, name]) => `@${name.toLowerCase()}`));
    const shown = [...names].slice(0, NAMED).join(" ") + (names.size > NAMED ? " …" : "");
    option.textContent = names.size ? somebody.replace("{names}", shown) : nobody;
  }

  text.addEventListener("input", show);
  addEventListener("pageshow", show);
}
