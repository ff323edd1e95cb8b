/* Beside a list: a row opens its request in the pane, and the list stays where it is. */
(() => {
  "use strict";
  const pane = document.getElementById("apercu");
  if (!pane) return;
  let asked = null;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-pane]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true", "HX-Target": "apercu" }, signal: asked.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      pane.innerHTML = await answer.text(); // our own page, escaped by the server
    } catch (error) {
      if (error.name !== "AbortError") location.assign(link.href); // the whole page says what is wrong
      return;
    }
    pane.scrollTop = 0;
    if (pane.getBoundingClientRect().top >= window.innerHeight) pane.scrollIntoView(); // below the list
    document.querySelectorAll("a[data-pane][aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    history.replaceState(null, "", link.href);
    const live = document.querySelector("[data-live-region]");
    if (live) live.textContent = pane.querySelector("h2")?.textContent ?? "";
  });
})();
