/* While a place is typed, chosen or pinned: the open reports near it, under its question, from the
   server's own page ([data-nearby="url"]). Without this script they are asked about after the page. */
(() => {
  "use strict";
  const PAUSE = 600; // milliseconds without a key
  const live = document.querySelector("[data-live-region]");

  document.querySelectorAll("[data-nearby]").forEach((box) => {
    const address = box.previousElementSibling.querySelector("[data-address]");
    if (!address) return;
    const value = (name) => address.querySelector(`[name$="_${name}"]`)?.value.trim() || "";
    let asked = "";
    let pause = 0;
    let asking = null;

    async function ask() {
      clearTimeout(pause);
      const place = String(new URLSearchParams(
        ["voie", "numero", "position"].map((name) => [name, value(name)]),
      ));
      if (place === asked) return;
      asked = place;
      asking?.abort();
      asking = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.nearby}?${place}`, { signal: asking.signal });
        if (answer.ok) show(await answer.text());
        else asked = ""; // the same place may be asked about again
      } catch (error) {
        if (error.name !== "AbortError") asked = ""; // no network; an abort is a newer question
      }
    }

    function show(html) {
      box.innerHTML = html;
      const heard = box.querySelector("[data-heard]");
      box.hidden = !heard;
      if (heard && live) live.textContent = heard.textContent;
    }

    address.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE);
    });
    address.addEventListener("change", ask);
    if (value("voie") || value("position")) ask();
  });
})();
