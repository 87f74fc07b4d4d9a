// form[data-drafts]: saves what is written by itself, once typing stops and when the page is left.
const PAUSE_MS = 3000;

for (const form of document.querySelectorAll("form[data-drafts]")) {
  const button = form.querySelector("[data-save]");
  const spoken = form.querySelector("[data-save-spoken]");
  const words = button.textContent;
  const url = button.formAction;
  // What the server gave back is not saved yet.
  let saved = form.dataset.unsaved ? null : fingerprint();
  let pause;

  // What the form says, without the files that others send.
  function content() {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(fields);
  }

  function fingerprint() {
    const fields = content();
    fields.delete("csrf_token");
    return fields.toString();
  }

  function say(isKept) {
    button.textContent = isKept ? button.dataset.saved : words;
    spoken.textContent = isKept ? button.dataset.saved : "";
    form.toggleAttribute("data-kept", isKept);
  }

  async function save(keepalive = false) {
    clearTimeout(pause);
    const now = fingerprint();
    if (now === saved || form.dataset.sent) return;
    saved = now;
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(url, { method: "POST", body: content(), headers, keepalive, redirect: "error" });
      if (!answer.ok) saved = null;
      else if (fingerprint() === now) say((await answer.json()).saved);
    } catch {
      // Offline: the next pause tries again.
      saved = null;
    }
  }

  form.addEventListener("input", () => {
    say(false);
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("submit", () => clearTimeout(pause));
  addEventListener("pagehide", () => save(true));
}
