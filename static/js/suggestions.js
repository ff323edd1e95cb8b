// Suggestions under the search box: a combobox (ARIA 1.2) laid over the plain form, which works
// without it. Arrows choose, Enter opens, Escape closes; nothing is fetched for a single letter.
(() => {
  "use strict";
  const WAIT = 180; // milliseconds without typing before anything is asked

  const enhance = (input) => {
    const list = document.createElement("ul");
    list.id = `${input.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestionsLabel);
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const live = document.querySelector("[data-live-region]");
    let current = -1;
    let timer = 0;
    let asking = null;

    const options = () => [...list.children];
    const close = () => {
      list.hidden = true;
      current = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
      const all = options();
      current = index < all.length ? index : -1; // past the last: back in the box
      all.forEach((option, place) => option.setAttribute("aria-selected", String(place === current)));
      if (current < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", all[current].id);
        all[current].scrollIntoView({ block: "nearest" });
      }
    };
    const show = (found) => {
      list.replaceChildren(
        ...found.map((one, index) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${index}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = one.url;
          const kind = document.createElement("span");
          kind.className = "suggestion-kind";
          kind.textContent = one.kind;
          option.append(one.title, " ", kind);
          return option;
        }),
      );
      current = -1;
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      input.removeAttribute("aria-activedescendant");
      if (live) {
        const some = `${found.length} ${input.dataset.suggestionsSome}`;
        live.textContent = found.length ? some : input.dataset.suggestionsNone;
      }
    };
    const ask = async () => {
      const typed = input.value.trim();
      asking?.abort();
      if (typed.length < 2) return close();
      asking = new AbortController();
      try {
        const url = `${input.dataset.suggestions}?q=${encodeURIComponent(typed)}`;
        const answer = await fetch(url, { signal: asking.signal });
        if (answer.ok) show((await answer.json()).suggestions);
      } catch {
        close(); // offline, or typed on: the plain form still works
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" && !list.hidden) {
        event.preventDefault();
        choose(current + 1);
      } else if (event.key === "ArrowUp" && !list.hidden) {
        event.preventDefault();
        choose(current < 0 ? options().length - 1 : current - 1);
      } else if (event.key === "Enter" && current >= 0) {
        event.preventDefault();
        window.location.assign(options()[current].dataset.url);
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) window.location.assign(option.dataset.url);
    });
    input.addEventListener("blur", close);
  };

  document.querySelectorAll("input[data-suggestions]").forEach(enhance);
})();
