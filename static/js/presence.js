// Tells the server that this page is open, and shows who else has the request open and what has
// come in since. Without it the forms still refuse what is stale.
(() => {
  "use strict";
  const form = document.querySelector("form[data-presence]");
  if (!form) return;
  const IN_FRONT = 2000; // milliseconds between two beats; requests/actions/presence.py knows both
  const BEHIND = 30000;
  const draw = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let key = draw(); // two windows of one person are told apart
  const there = form.querySelector("[data-present]");
  let writing = "writing" in form.dataset;
  let timer = 0;
  let last = "";

  const say = (doing, leaving) => {
    const data = new FormData(form);
    data.set("doing", doing);
    data.set("window", key);
    if (document.hidden) data.set("behind", "");
    return fetch(form.action, { method: "POST", headers: { "X-By-Itself": "true" }, body: new URLSearchParams(data), keepalive: leaving, redirect: "error" });
  };
  const beat = async () => {
    clearTimeout(timer);
    let over = false;
    try {
      const answer = await say(writing ? "writing" : "open", false);
      over = answer.status === 403 || answer.status === 404;
      if (over) {
        there.replaceChildren();
        form.querySelector("[data-lost]").hidden = false;
      } else if (answer.ok) {
        const words = await answer.text();
        if (words !== last) there.innerHTML = words; // our own page, escaped by the server
        last = words;
      }
    } catch {
      // offline: the next beat tells
    }
    clearTimeout(timer);
    if (!over) timer = setTimeout(beat, document.hidden ? BEHIND : IN_FRONT);
  };

  document.addEventListener("input", ({ target }) => {
    const text = target.matches("textarea") && target.form && target.form.method === "post";
    if (!text) return;
    const before = writing;
    writing = [...document.querySelectorAll("main textarea")].some((one) => one.value !== one.defaultValue);
    if (writing !== before) beat();
  });
  document.addEventListener("visibilitychange", beat);
  addEventListener("pagehide", () => {
    clearTimeout(timer);
    say("left", true);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    key = draw(); // the other one has been left
    beat();
  });
  beat();
})();
