/* An open list follows what changes: rows are renewed where they stand, and nothing moves. So do its
   length and the numbers of the other lists.

   A row that left the list stays, and says so; those that came in are told, and shown when asked. */
(() => {
  "use strict";
  const table = document.querySelector("[data-refresh]");
  if (!table) return;
  const EVERY = 20000; // milliseconds
  const told = document.querySelector("[data-refresh-told]");
  const keyed = (root) => new Map([...root.querySelectorAll("tr[data-row]")].map((row) => [row.dataset.row, row]));
  const plain = (row) => row.innerHTML.replaceAll(/ aria-current="[^"]*"/g, "");
  let shown = new Map([...keyed(table)].map(([key, row]) => [key, plain(row)])); // as the server last drew them
  let timer = 0;

  const gone = (row) => {
    if (row.classList.contains("row-gone")) return;
    row.classList.add("row-gone");
    const words = document.createElement("span");
    words.className = "cell-second";
    words.textContent = table.dataset.gone;
    row.querySelector(".row-link")?.after(words);
  };
  const renew = (fresh) => {
    const rows = keyed(table);
    for (const [key, row] of rows) {
      const now = fresh.get(key);
      if (!now) {
        gone(row);
      } else if (plain(now) !== shown.get(key)) {
        if (row.contains(document.activeElement) || row.querySelector(":checked")) continue; // another time
        shown.set(key, plain(now));
        if (row.querySelector("[aria-current]")) now.querySelector(".row-link")?.setAttribute("aria-current", "true");
        row.replaceChildren(...now.children);
        row.className = `${now.className} row-renewed`;
      }
    }
    const came = [...fresh.keys()].filter((key) => !rows.has(key)).length;
    told.hidden = !came;
  };
  const recount = (page) => {
    for (const place of document.querySelectorAll(".queue-length, .rail a[href]")) {
      const link = place.getAttribute("href");
      const now = page.querySelector(link ? `.rail a[href="${CSS.escape(link)}"] .rail-count` : ".queue-length");
      const shown = link ? place.querySelector(".rail-count") : place;
      if (now && shown && now.innerHTML !== shown.innerHTML) shown.innerHTML = now.innerHTML; // escaped by the server
    }
  };
  const look = async () => {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { "X-By-Itself": "true" } });
        if (answer.ok && !answer.redirected) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const fresh = page.querySelector("[data-refresh]");
          renew(fresh ? keyed(fresh) : new Map());
          recount(page);
        }
      } catch {
        // offline: the next look tells
      }
    }
    timer = setTimeout(look, EVERY);
  };
  timer = setTimeout(look, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || look());
})();
