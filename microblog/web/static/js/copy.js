// [data-copy]: puts the text of what the attribute names on the clipboard, and says so.
const status = document.querySelector("#copied");

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.querySelector("span");
  const before = label.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const text = document.querySelector(button.dataset.copy).innerText;
    await navigator.clipboard.writeText(`${text.trim()}\n`);
    label.textContent = status.textContent = button.dataset.copied;
    setTimeout(() => {
      label.textContent = before;
      status.textContent = "";
    }, 4000);
  });
}
