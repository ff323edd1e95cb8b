/* Keeps what is typed in a form[data-autosave] as it is typed: a reload, a closed window or a way
   back loses nothing valid. The server answers 204 and never counts the step as completed.
   Files are sent with the form's own buttons only. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const PAUSE = 1000; // milliseconds without a key
  let changed = false;
  let sending = false;
  let pause = 0;

  /* One at a time: what was typed meanwhile is sent when the answer is there, so that an older
     copy never arrives after a newer one. */
  async function save(leaving) {
    clearTimeout(pause);
    if (!changed || (sending && !leaving)) return;
    changed = false;
    sending = true;
    const data = new FormData(form);
    [...data.entries()].forEach(([name, value]) => {
      if (typeof value !== "string") data.delete(name);
    });
    data.set("action", "autosave");
    try {
      await fetch(form.getAttribute("action") || location.href, {
        method: "POST",
        body: new URLSearchParams(data),
        credentials: "same-origin",
        keepalive: leaving,
      });
      sending = false;
      if (changed) pause = setTimeout(save, PAUSE, false);
    } catch {
      sending = false;
      changed = true; // no network: the next change, or the form's own button, tries again
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE, false);
  });
  form.addEventListener("change", () => { changed = true; save(false); });
  form.addEventListener("submit", () => {
    changed = false;
    clearTimeout(pause);
  });
  addEventListener("beforeunload", () => save(true)); // before a reload asks for the page again
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
})();
