// [data-read-when-seen]: what the page shows counts as read as soon as somebody looks at it.
const form = document.querySelector("[data-read-when-seen]");

if (form) {
  const read = async () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", read);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (!answer.ok) return;
      form.remove();
      document.dispatchEvent(new Event("microblog:read"));
    } catch {
      // Offline or logged out: the button is still there.
    }
  };
  document.addEventListener("visibilitychange", read);
  read();
}
