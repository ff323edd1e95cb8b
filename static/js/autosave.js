/* Keeps what is typed in a form[data-autosave] as it is typed: a reload, a closed window or a way
   back loses nothing valid. The server answers 204 and never counts the step as completed; any other
   answer means that nothing was kept, which [data-not-saved] then says, with what to do.
   Files are sent with the form's own buttons only. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const PAUSE = 1000; // milliseconds without a key
  let changed = false;
  let sending = false;
  let pause = 0;
  let flight = null; // what goes to the server now
  const notice = form.querySelector("[data-not-saved]");

  function tell(reason) {
    if (!notice) return;
    notice.querySelector("[data-part=words]").textContent = reason ? notice.dataset[reason] : "";
    const button = notice.querySelector("button");
    button.textContent = reason === "over" ? notice.dataset.signIn : notice.dataset.retry;
    button.hidden = reason === "cut";
    notice.hidden = !reason;
  }

  /* One at a time: what was typed meanwhile is sent when the answer is there, so that an older
     copy never arrives after a newer one. */
  async function save(leaving) {
    clearTimeout(pause);
    if (!changed || (sending && !leaving)) return;
    changed = false;
    sending = true;
    flight = new AbortController();
    const data = new FormData(form);
    [...data.entries()].forEach(([name, value]) => {
      if (typeof value !== "string") data.delete(name);
    });
    data.set("action", "autosave");
    try {
      const answer = await fetch(form.getAttribute("action") || location.href, {
        method: "POST",
        body: new URLSearchParams(data),
        credentials: "same-origin",
        keepalive: leaving,
        signal: flight.signal,
      });
      sending = false;
      if (answer.status === 204) tell("");
      else tell({ 403: "over", 409: "elsewhere" }[answer.status] || "failed");
      if (changed) pause = setTimeout(save, PAUSE, false);
      else changed = answer.status !== 204; // the next change, or a button of the form, tries again
    } catch (error) {
      sending = false;
      if (error.name === "AbortError") return; // the whole form went instead
      changed = true;
      if (!leaving) tell("cut"); // goes again by itself when the network is back
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE, false);
  });
  form.addEventListener("change", () => { changed = true; save(false); });
  document.addEventListener("submit", ({ target }) => {
    if (target !== form) return;
    changed = false;
    clearTimeout(pause);
    flight?.abort(); // it would arrive after the form, and be refused as old
  });
  addEventListener("online", () => {
    changed ||= notice !== null && !notice.hidden;
    save(false);
  });
  addEventListener("beforeunload", () => save(true)); // before a reload asks for the page again
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
})();
