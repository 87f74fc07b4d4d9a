// [data-picture-upload]: pictures that are chosen, dropped on the composer or pasted are sent at once,
// one after the other, and come back with room for what they show.
const RETRIES = 5;

for (const part of document.querySelectorAll("[data-picture-upload]")) {
  const form = part.closest("form");
  const input = form.querySelector("[data-picture-input]");
  const adder = form.querySelector("[data-picture-add] summary");
  const url = form.querySelector("[data-picture-add] button").formAction;
  const list = part.querySelector("[data-picture-list]");
  const error = part.querySelector("[data-picture-error]");
  const status = part.querySelector("[data-picture-status]");
  const progress = part.querySelector("[data-picture-progress]");
  const waiting = [];
  let isSending = false;

  const count = () => list.childElementCount;

  function complain(words) {
    error.hidden = !words;
    error.querySelector("span").textContent = words;
  }

  // A post of pictures needs no text; drafts are saved with them.
  function change() {
    form.elements.text.required = count() === 0;
    form.classList.toggle("is-open", count() > 0 || form.classList.contains("is-open"));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function take(files) {
    complain("");
    for (const file of files) {
      if (count() >= Number(part.dataset.most)) {
        complain(part.dataset.many);
        break;
      }
      const place = progress.content.firstElementChild.cloneNode(true);
      place.querySelector("span").textContent = file.name;
      list.append(place);
      waiting.push({ file, place });
    }
    change();
    if (!isSending) sendNext();
  }

  async function sendNext() {
    const next = waiting.shift();
    isSending = Boolean(next);
    if (!next) return;
    const answer = await send(next.file, next.place.querySelector("progress"));
    if (answer.html) {
      next.place.insertAdjacentHTML("afterend", answer.html); // What comes is our own template.
      status.textContent = part.dataset.done;
    } else {
      complain(answer.error ?? part.dataset.failed);
    }
    next.place.remove();
    change();
    sendNext();
  }

  async function send(file, bar) {
    for (let tries = 1; ; tries++) {
      const { status: code, answer, retryAfter } = await post({ file }, bar);
      // The server decodes one picture at a time.
      if (code !== 503 || tries > RETRIES) return answer;
      await new Promise((go) => setTimeout(go, retryAfter * 1000));
    }
  }

  function post(values, bar) {
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        // What is sent is still to be made; then nobody knows how long it takes.
        if (bar && loaded < total) bar.value = (100 * loaded) / total;
        else bar?.removeAttribute("value");
      });
      const finish = () =>
        resolve({
          status: request.status,
          answer: request.response ?? {},
          retryAfter: Number(request.getResponseHeader("Retry-After")) || 2,
        });
      request.addEventListener("loadend", finish);
      request.send(body);
    });
  }

  adder.addEventListener("click", (event) => {
    event.preventDefault();
    input.click();
  });
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
    adder.focus();
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-picture]");
    const next = item.nextElementSibling ?? item.previousElementSibling;
    post({ remove: button.value });
    item.remove();
    change();
    (next?.querySelector("[data-remove]") ?? adder).focus();
  });

  const holdsFiles = ({ types }) => [...types].includes("Files");
  form.addEventListener("dragover", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    form.classList.add("is-dropping");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("is-dropping");
  });
  form.addEventListener("drop", (event) => {
    form.classList.remove("is-dropping");
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  form.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    // What has a text beside its picture was copied from a page of words.
    if (!files.length || event.clipboardData.getData("text")) return;
    event.preventDefault();
    take(files);
  });

  form.addEventListener("submit", (event) => {
    if (!isSending) return;
    event.preventDefault();
    complain(part.dataset.busy);
  });
}
