// Lists offered while one types in a text box: « @ » the colleagues of the chooser below it, « :: » the
// replies the town has ready, « ?? » the articles that hold a word. All work without this: by the
// chooser, by the choice of a letter, by the articles beside the request.
// Arrows choose, Enter, Tab or the number takes, Escape closes; where nothing fits, Enter does too.
(() => {
  "use strict";
  const HOLE = /\{[^{}\n]+\}/; // what is left to fill in, and bars the sending
  const MARGIN = 8; // pixels between the list and what stands next to it
  const LEAST_ROOM = 96;
  const words = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u);
  // each word typed begins a word of the name
  const fits = (name, begun) => words(begun).every((typed) => words(name).some((word) => word.startsWith(typed)));

  const colleagues = (area) => {
    const chooser = document.getElementById(area.dataset.mentions);
    if (!chooser) return null;
    const taken = new Set(); // options chosen by « @ », as long as the note says their name
    area.addEventListener("input", () => {
      for (const option of taken) {
        if (area.value.includes(`@${option.text}`)) continue;
        option.selected = false;
        taken.delete(option);
      }
    });
    return {
      sign: "@",
      typed: /(?:^|\s)@@?([\p{L}'’-]*(?: [\p{L}'’-]*)?)$/u,
      label: chooser.labels[0]?.textContent.trim() || "@",
      most: 6,
      none: () => area.dataset.mentionsNone,
      options: () => [...chooser.options],
      name: (option) => option.text,
      take: (option) => {
        option.selected = true;
        taken.add(option);
        return `@${option.text} `;
      },
    };
  };

  const replies = (area) => {
    const { replies: url, repliesLabel: label, repliesNone: none } = area.dataset;
    if (!url) return null;
    let ready = null; // until they have come
    const fetched = async () => {
      try {
        const answer = await fetch(url);
        if (answer.ok) ready = (await answer.json()).replies;
      } catch {
        // offline: the choice of a letter still works
      }
      area.dispatchEvent(new Event("replies")); // typed before they came
    };
    if (document.activeElement === area) fetched();
    else area.addEventListener("focus", fetched, { once: true });
    return {
      sign: "::",
      typed: /(?:^|\s)::([^\n:]*)$/u,
      label,
      most: 9,
      numbered: true,
      none: () => (ready ? none : ""),
      options: () => ready ?? [],
      name: (reply) => reply.label,
      take: (reply) => reply.text,
    };
  };

  const articles = (area) => {
    const { articles: url, articlesLabel: label, articlesNone: none } = area.dataset;
    if (!url) return null;
    let found = [];
    let asked = "";
    let answered = ""; // the words that `found` are for
    let asking = null;
    const search = async (begun) => {
      asked = begun;
      asking?.abort();
      asking = new AbortController();
      try {
        const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(begun)}`, { signal: asking.signal });
        if (!answer.ok) return;
        found = (await answer.json()).articles;
        answered = begun;
        area.dispatchEvent(new Event("replies"));
      } catch {
        // typed on, or offline: the articles beside the request are still there
      }
    };
    let timer = 0;
    return {
      sign: "??",
      typed: /(?:^|\s)\?\?(\p{L}[^\n?]*)$/u, // a letter at once: « pourquoi ?? » asks nothing
      label,
      most: 6,
      numbered: true,
      none: () => (answered === asked ? none : ""),
      found: true, // the server has matched: nothing is left out here
      options: (begun) => {
        if (begun !== asked) {
          clearTimeout(timer);
          timer = setTimeout(() => search(begun), 200);
        }
        return found;
      },
      name: (article) => article.label,
      take: (article) => `${article.text} `, // what is typed next is no part of its address
    };
  };

  const enhance = (area) => {
    const sources = [colleagues(area), replies(area), articles(area)].filter(Boolean);
    if (!sources.length) return;
    const list = document.createElement("ul");
    list.id = `${area.id}-offered`;
    list.className = "suggestions typed-list";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    const box = document.createElement("div");
    box.className = "typed-box";
    area.before(box);
    box.append(area, list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-haspopup", "listbox");
    area.setAttribute("aria-controls", list.id);
    if (area.dataset.repliesHint) {
      const hint = document.createElement("p");
      hint.id = `${area.id}-offered-hint`;
      hint.className = "typed-hint text-muted-ui";
      hint.textContent = area.dataset.repliesHint;
      box.after(hint);
      area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") || ""} ${hint.id}`.trim());
    }
    const live = document.querySelector("[data-live-region]");
    let source = null;
    let begun = "";
    let begins = 0; // where the sign stands
    let current = 0;
    let offered = 0; // how many may be taken
    let closedAt = -1; // Escape: not offered again for the same sign

    // the source whose sign stands before the caret, and the letters typed behind it
    const look = () => {
      const before = area.value.slice(0, area.selectionStart);
      source = null;
      for (const one of sources) {
        const found = one.typed.exec(before);
        if (found) [source, begun, begins] = [one, found[1], found.index + found[0].search(/\S/)];
      }
    };
    const start = () => begins;
    const close = () => {
      list.hidden = true;
      area.removeAttribute("aria-activedescendant");
    };
    // below the box, or above it where there is more room; never beyond the window
    const settle = () => {
      const { top, bottom } = area.getBoundingClientRect();
      const head = document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0;
      const [above, below] = [top - Math.max(head, 0), (window.visualViewport?.height ?? innerHeight) - bottom];
      list.style.removeProperty("--room");
      const up = list.offsetHeight + MARGIN > below && above > below;
      list.classList.toggle("typed-list-up", up);
      list.style.setProperty("--room", `${Math.max((up ? above : below) - MARGIN, LEAST_ROOM)}px`);
    };
    const mark = (index) => {
      current = (index + list.children.length) % list.children.length;
      [...list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === current)));
      area.setAttribute("aria-activedescendant", list.children[current].id);
      list.children[current].scrollIntoView({ block: "nearest" });
    };
    const take = (index) => {
      const [from, to] = [start(), area.selectionStart];
      const text = source.take(list.children[index].option);
      area.setRangeText(text, from, to, "end");
      const hole = HOLE.exec(text);
      if (hole) area.setSelectionRange(from + hole.index, from + hole.index + hole[0].length);
      close();
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const offer = () => {
      look();
      if (!source || start() !== closedAt) closedAt = -1;
      if (!source || closedAt >= 0) return close();
      const options = source.options(begun).filter((one) => source.found || fits(source.name(one), begun)).slice(0, source.most);
      list.setAttribute("aria-label", source.label);
      list.replaceChildren(
        ...options.map((option, index) => {
          const row = document.createElement("li");
          row.id = `${list.id}-${index}`;
          row.setAttribute("role", "option");
          if (source.numbered) {
            const key = document.createElement("kbd");
            key.textContent = index + 1;
            row.append(key, " ");
          }
          row.append(source.name(option));
          row.option = option;
          return row;
        }),
      );
      const none = !options.length && /^\S+$/.test(begun) && source.none(); // of one word: more are a text
      if (none) {
        const row = document.createElement("li");
        row.className = "text-muted-ui";
        row.setAttribute("role", "option");
        row.setAttribute("aria-disabled", "true");
        row.textContent = none;
        list.append(row);
      }
      if (live) live.textContent = none || options.map((one) => source.name(one)).join(", ");
      offered = options.length;
      if (!offered) close();
      list.hidden = !offered && !none;
      if (!list.hidden) settle();
      if (offered) mark(0);
    };

    area.addEventListener("input", offer);
    area.addEventListener("replies", offer);
    area.addEventListener("keydown", (event) => {
      if (list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const number = source.numbered && /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
      const leaves = event.key === "Escape" || (!offered && event.key === "Enter");
      if (!offered && !leaves) return;
      if (leaves) {
        if (event.key === "Escape") closedAt = start();
        close();
      } else if (event.key === "ArrowDown") mark(current + 1);
      else if (event.key === "ArrowUp") mark(current - 1);
      else if (event.key === "Enter" || event.key === "Tab") take(current);
      else if (number && number <= offered) take(number - 1);
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]:not([aria-disabled])");
      if (row) take([...list.children].indexOf(row));
    });
    area.addEventListener("blur", close);
  };

  const enhanced = new WeakSet();
  const enhanceAll = () => {
    for (const area of document.querySelectorAll("textarea[data-mentions], textarea[data-replies], textarea[data-articles]")) {
      if (!enhanced.has(area)) enhance(area);
      enhanced.add(area);
    }
  };
  enhanceAll();
  document.addEventListener("htmx:load", enhanceAll); // a form that another choice has drawn anew
})();
