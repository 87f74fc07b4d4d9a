// [data-pictures]: a picture opens over the page at its full size. Arrow keys go to the next one,
// Escape closes it, and the focus goes back to where it was. Without it the link opens the file.
const box = document.querySelector("#lightbox");

if (box?.showModal) {
  const stage = box.querySelector("[data-lightbox-stage]");
  const description = box.querySelector("[data-lightbox-description]");
  const place = box.querySelector("[data-lightbox-place]");
  const buttons = box.querySelectorAll("[data-step]");
  let links = [];
  let here = 0;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-pictures] a");
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || isElsewhere) return;
    event.preventDefault();
    links = [...link.closest("[data-pictures]").querySelectorAll("a")];
    box.classList.toggle("lightbox-alone", links.length === 1);
    for (const button of buttons) button.hidden = links.length === 1;
    show(links.indexOf(link));
    box.showModal();
  });

  function show(number) {
    here = (number + links.length) % links.length;
    const picture = new Image();
    const { alt } = links[here].querySelector("img");
    picture.alt = alt;
    picture.src = links[here].href;
    stage.replaceChildren(picture);
    const said = links[here].parentElement.querySelector(".picture-description");
    description.textContent = said?.textContent ?? "";
    const words = box.dataset.place.replace("{number}", here + 1).replace("{total}", links.length);
    place.textContent = links.length > 1 ? words : "";
  }

  for (const button of buttons) {
    button.addEventListener("click", () => show(here + Number(button.dataset.step)));
  }

  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || links.length < 2) return;
    event.preventDefault();
    show(here + (getComputedStyle(box).direction === "rtl" ? -step : step));
  });

  // A click beside the picture closes it.
  stage.addEventListener("click", ({ target }) => {
    if (target === stage) box.close();
  });

  box.addEventListener("close", () => {
    stage.replaceChildren();
    links[here]?.focus({ preventScroll: true });
  });
}
