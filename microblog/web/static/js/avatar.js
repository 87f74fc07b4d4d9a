// [data-preview]: shows a chosen picture in the image that the attribute names, before it is sent.
for (const input of document.querySelectorAll("[data-preview]")) {
  const image = document.querySelector(input.dataset.preview);
  const original = image.src;
  const isThere = !image.hidden;
  let shown = "";
  input.addEventListener("change", () => {
    if (shown) URL.revokeObjectURL(shown);
    shown = input.files.length ? URL.createObjectURL(input.files[0]) : "";
    image.src = shown || original;
    image.hidden = !shown && !isThere;
  });
  // What cannot be shown here is no picture; the server will say so.
  image.addEventListener("error", () => {
    if (!shown) return;
    image.src = original;
    image.hidden = !isThere;
  });
}
