/* Completes a street while it is typed, from the town's own register: an editable combobox with a
   list (WAI-ARIA APG). The field works by typing alone; without this script, a list of the
   browser's own stands in for it. Tells the plan (plan.js) by an "address-chosen" event. */
(() => {
  "use strict";
  const PAUSE = 180; // milliseconds without a key
  const live = document.querySelector("[data-live-region]");

  document.querySelectorAll("[data-address]").forEach((block, rank) => {
    const part = (name) => block.querySelector(`[name$="_${name}"]`);
    const street = part("voie");
    if (!street) return;
    const words = JSON.parse(block.dataset.words);
    const list = document.createElement("ul");
    list.id = `rues-${rank}`;
    list.className = "street-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.list);
    street.removeAttribute("list");
    street.setAttribute("autocomplete", street.getAttribute("autocomplete") || "off");
    street.setAttribute("role", "combobox");
    street.setAttribute("aria-autocomplete", "list");
    street.setAttribute("aria-expanded", "false");
    street.setAttribute("aria-controls", list.id);
    street.after(list);

    let found = [];
    let active = -1;
    let pause = 0;
    let asking = null;

    const say = (text) => { if (live) live.textContent = text; };

    function close() {
      list.hidden = true;
      active = -1;
      street.setAttribute("aria-expanded", "false");
      street.removeAttribute("aria-activedescendant");
    }

    function show(rows) {
      found = rows;
      active = -1;
      list.replaceChildren(...rows.map((row, at) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${at}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = row.label;
        return item;
      }));
      list.hidden = !rows.length;
      street.setAttribute("aria-expanded", String(rows.length > 0));
      street.removeAttribute("aria-activedescendant");
      say(rows.length ? words.proposed.replace("%n", rows.length) : words.nothing);
    }

    function highlight(at) {
      active = at;
      [...list.children].forEach((item, index) => {
        item.setAttribute("aria-selected", String(index === at));
      });
      if (at < 0) {
        street.removeAttribute("aria-activedescendant");
      } else {
        street.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    }

    /* The number typed before the street, unless it is a part of the street's name. */
    function typedNumber(row) {
      const typed = /^\s*([0-9]{1,4}(?:\s?(?:bis|ter|quater|[a-f])\b)?)[\s,]+\S/i.exec(street.value);
      return typed && !row.street.includes(typed[1]) ? typed[1] : "";
    }

    function choose(at) {
      const row = found[at];
      const number = part("numero");
      const given = row.number || typedNumber(row);
      street.value = number || !given ? row.street : `${given} ${row.street}`;
      if (number && given) number.value = given;
      if (part("code_postal")) part("code_postal").value = row.postcode;
      if (part("commune")) part("commune").value = row.town;
      close();
      street.dispatchEvent(new Event("change", { bubbles: true })); // autosave keeps it
      block.dispatchEvent(new CustomEvent("address-chosen", { detail: row }));
    }

    async function ask() {
      const text = street.value.trim();
      if (asking) asking.abort();
      if (text.replace(/^[0-9]+\s*/, "").length < 2) return close();
      asking = new AbortController();
      try {
        const url = `${block.dataset.suggestions}?q=${encodeURIComponent(text)}`;
        const answer = await fetch(url, { signal: asking.signal });
        if (answer.ok && document.activeElement === street) show((await answer.json()).suggestions);
      } catch {
        close(); // no network: typing is enough
      }
    }

    street.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE);
    });
    street.addEventListener("keydown", (event) => {
      const last = found.length - 1;
      const open = !list.hidden;
      if (event.key === "ArrowDown" && !open && !event.altKey) return ask();
      if (event.key === "Escape" && open) { event.preventDefault(); return close(); }
      if (event.key === "Tab") return close();
      if (!open) return undefined;
      if (event.key === "ArrowDown") highlight(active < last ? active + 1 : 0);
      else if (event.key === "ArrowUp") highlight(active > 0 ? active - 1 : last);
      else if (event.key === "Enter" && active >= 0) choose(active);
      else return undefined;
      event.preventDefault();
      return undefined;
    });
    street.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) choose([...list.children].indexOf(item));
    });
  });
})();
