// How far an act on many requests is, in place: each part of the page that has changed is replaced,
// so that the focus and the position stay. Without it the page loads itself again.
(() => {
  "use strict";
  const run = document.querySelector("[data-bulk-run]");
  if (!run || !("running" in run.dataset)) return;
  const PAUSE = 1000; // milliseconds
  const MOST = 30000; // between two questions, while the server does not answer
  let pause = PAUSE;

  const look = async () => {
    let page = null;
    try {
      const answer = await fetch(location.href, { redirect: "error" });
      if (answer.status === 403 || answer.status === 404) return;
      if (answer.ok) page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      // offline: asked again, more and more seldom
    }
    if (page) {
      page.querySelectorAll("[data-part]").forEach((part) => {
        const here = document.getElementById(part.id);
        if (here && here.innerHTML !== part.innerHTML && !here.contains(document.activeElement)) {
          here.innerHTML = part.innerHTML; // our own page, escaped by the server
        }
      });
      if (!page.querySelector("[data-bulk-run][data-running]")) return;
    }
    pause = page ? PAUSE : Math.min(pause * 2, MOST);
    setTimeout(look, pause);
  };
  setTimeout(look, PAUSE);
})();
