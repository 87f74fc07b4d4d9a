// [data-complete]: offers the names that "@ab" or "#ab" may become, from the address in the attribute.
const WORD = /(?<![\p{L}\p{M}\p{N}_\/@#&])[@#][\p{L}\p{M}\p{N}_]{1,30}$/u;
const PAUSE_MS = 150;

for (const field of document.querySelectorAll("[data-complete]")) {
  const list = document.getElementById(field.dataset.list);
  let pause;
  let word = "";
  let asked;

  const options = () => [...list.children];
  const isOpen = () => !list.hidden;

  function typed() {
    const { selectionStart: start, selectionEnd: end, value } = field;
    return start === end ? (value.slice(0, start).match(WORD)?.[0] ?? "") : "";
  }

  function close() {
    clearTimeout(pause);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    for (const name of ["aria-haspopup", "aria-controls", "aria-activedescendant", "aria-autocomplete"]) {
      field.removeAttribute(name);
    }
  }

  function open(items) {
    list.replaceChildren(...items.map(option));
    list.hidden = false;
    // Of several lines, it must stay a box of text: it offers a list as long as there is one.
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    choose(0);
  }

  function option({ text, name, avatar }, place) {
    const item = document.createElement("li");
    item.id = `${list.id}-${place}`;
    item.className = "completion";
    item.role = "option";
    item.dataset.text = text;
    if (avatar) {
      const image = document.createElement("img");
      Object.assign(image, { className: "avatar", src: avatar, alt: "", width: 24, height: 24 });
      item.append(image, part("completion-name", name, "auto"));
    }
    item.append(part("completion-text", text, "auto"));
    return item;
  }

  function part(className, text, dir) {
    const element = document.createElement("span");
    Object.assign(element, { className, dir, textContent: text });
    return element;
  }

  function choose(place) {
    const all = options();
    const chosen = all[(place + all.length) % all.length];
    for (const item of all) item.ariaSelected = String(item === chosen);
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  const chosenPlace = () => options().findIndex((item) => item.ariaSelected === "true");

  function take(item) {
    const end = field.selectionStart;
    const { text } = item.dataset;
    const space = field.value[end] === " " ? "" : " ";
    field.setRangeText(text + space, end - word.length, end, "end");
    if (!space) field.setSelectionRange(field.selectionEnd + 1, field.selectionEnd + 1);
    close();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const url = `${field.dataset.complete}?q=${encodeURIComponent(word)}`;
      const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error", signal });
      if (!answer.ok) return;
      const { items } = await answer.json();
      if (typed() !== word || document.activeElement !== field) return;
      // What stands there already needs no completion.
      const isThere = items.length === 1 && items[0].text === word;
      if (items.length && !isThere) open(items);
      else close();
    } catch {
      // Asked anew, or offline: then one types on.
    }
  }

  field.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (event.isComposing) return;
    word = typed();
    if (word) pause = setTimeout(ask, PAUSE_MS);
    else close();
  });

  field.addEventListener("keydown", (event) => {
    if (!isOpen() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const turns = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in turns) choose(chosenPlace() + turns[event.key]);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) take(options()[chosenPlace()]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // The caret goes elsewhere.
  field.addEventListener("keyup", () => isOpen() && typed() !== word && close());
  field.addEventListener("click", close);
  field.addEventListener("blur", close);
  // A press on an option leaves the focus where it is.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const item = target.closest("[role=option]");
    if (item) take(item);
  });
}
