// The number of unread notices in the head of each page, renewed while somebody looks at it; and a
// notice that is opened is read. Without it the number is that of when the page was made.
(() => {
  "use strict";
  const EVERY = 60000; // milliseconds
  const link = document.querySelector("[data-notices]");
  const number = link?.querySelector("[data-notice-count]");
  const live = document.querySelector("[data-live-region]");

  const show = (unread) => {
    const before = Number(number.textContent);
    if (unread === before) return;
    number.textContent = unread;
    number.toggleAttribute("data-none", unread === 0);
    if (unread > before && live) live.textContent = link.textContent.trim();
  };
  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(link.dataset.notices, { headers: { "X-By-Itself": "true" }, redirect: "error" });
        if (!answer.ok) return; // the session is over
        show((await answer.json()).unread);
      } catch {
        // offline: the next time tells
      }
    }
    setTimeout(ask, EVERY);
  };
  if (number) setTimeout(ask, EVERY);

  document.addEventListener("click", (event) => {
    const opened = event.target.closest("a[data-reads]");
    const form = opened && document.getElementById(opened.dataset.reads);
    if (!form) return;
    const data = new FormData(form);
    data.set("lue", "oui");
    fetch(form.action, { method: "POST", body: new URLSearchParams(data), keepalive: true, redirect: "manual" });
  });
})();
