/* Beside a list: a row opens its request in the pane, and the list stays where it is. Of rows that are
   gone through one after the other, only the one that is stayed on is asked for. */
(() => {
  "use strict";
  const pane = document.getElementById("apercu");
  if (!pane) return;
  const PAUSE = 120; // milliseconds between two keys of somebody who goes on
  let asked = new AbortController();
  let pause = 0;
  const forget = () => {
    clearTimeout(pause);
    asked.abort();
    pane.removeAttribute("aria-busy");
  };
  const show = async (link) => {
    asked = new AbortController();
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true", "HX-Target": "apercu" }, signal: asked.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      pane.innerHTML = await answer.text(); // our own page, escaped by the server
    } catch (error) {
      if (error.name !== "AbortError") location.assign(link.href); // the whole page says what is wrong
      return;
    }
    pane.removeAttribute("aria-busy");
    pane.scrollTop = 0;
    if (pane.getBoundingClientRect().top >= window.innerHeight) pane.scrollIntoView(); // below the list
    history.replaceState(null, "", link.href);
    const live = document.querySelector("[data-live-region]");
    if (live) live.textContent = pane.querySelector("h2")?.textContent ?? "";
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pane]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    forget();
    pane.setAttribute("aria-busy", "true");
    document.querySelectorAll("a[data-pane][aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    pause = setTimeout(show, event.detail ? 0 : PAUSE, link); // no detail: a key
  });
  addEventListener("beforeunload", forget); // a request that the next page cuts short is no failure
})();
