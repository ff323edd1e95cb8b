// Keeps the page of what a worker does up to date without taking the focus away. Without it the page offers
// to load itself again every few seconds.
(() => {
  "use strict";
  const WAIT = 2000; // milliseconds
  const shown = document.getElementById("followed");
  const live = document.querySelector("[data-live-region]");

  const look = async () => {
    let fresh = null;
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      fresh = page.getElementById("followed");
      if (!fresh && answer.ok) return location.reload(); // logged out meanwhile
      if (fresh && fresh.dataset.state !== shown.dataset.state) return end(fresh, page);
    } catch {
      // offline: the next look tells
    }
    const progress = fresh && fresh.querySelector("#followed-progress");
    if (progress) shown.querySelector("#followed-progress").innerHTML = progress.innerHTML;
    setTimeout(look, WAIT);
  };
  const end = (fresh, page) => {
    const held = shown.contains(document.activeElement);
    shown.innerHTML = fresh.innerHTML; // our own page, escaped by the server
    shown.dataset.state = fresh.dataset.state;
    document.title = page.title;
    document.querySelector("h1").textContent = page.querySelector("h1").textContent;
    live.textContent = shown.querySelector(".notice-title, h2, p").textContent;
    if (held) (shown.querySelector("#followed-act") || document.getElementById("contenu")).focus();
  };
  shown.querySelector("[data-by-hand]").hidden = true;
  setTimeout(look, WAIT);
})();
