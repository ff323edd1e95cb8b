// « @ » in a note offers the colleagues who may see the request: those of the chooser below it, which
// works without this. Arrows choose, Enter or Tab takes, Escape closes.
(() => {
  "use strict";
  const MOST = 6;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const enhance = (area) => {
    const chooser = document.getElementById(area.dataset.mentions);
    if (!chooser) return;
    const list = document.createElement("ul");
    list.id = `${area.id}-mentions`;
    list.className = "suggestions mention-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", chooser.labels[0]?.textContent.trim() || "@");
    list.hidden = true;
    const box = document.createElement("div");
    box.className = "mention-box";
    area.before(box);
    box.append(area, list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);
    const live = document.querySelector("[data-live-region]");
    let current = 0;
    const taken = new Set(); // options chosen by « @ », as long as the note says their name

    // the letters after the last @ before the caret, when it begins a word
    const typed = () => /(?:^|\s)@([\p{L}'’-]*(?: [\p{L}'’-]*)?)$/u.exec(area.value.slice(0, area.selectionStart));
    const close = () => {
      list.hidden = true;
      area.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      current = (index + list.children.length) % list.children.length;
      [...list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === current)));
      area.setAttribute("aria-activedescendant", list.children[current].id);
    };
    const take = (index) => {
      const option = list.children[index].option;
      const found = typed();
      const end = area.selectionStart;
      area.setRangeText(`@${option.text} `, end - found[1].length - 1, end, "end");
      option.selected = true;
      taken.add(option);
      close();
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const offer = () => {
      const found = typed();
      if (!found) return close();
      const begun = fold(found[1]);
      const fits = ({ text }) => fold(text).startsWith(begun) || fold(text).split(/[ -]/).some((word) => word.startsWith(begun));
      const options = [...chooser.options].filter(fits).slice(0, MOST);
      list.replaceChildren(
        ...options.map((option, index) => {
          const row = document.createElement("li");
          row.id = `${list.id}-${index}`;
          row.setAttribute("role", "option");
          row.textContent = option.text;
          row.option = option;
          return row;
        }),
      );
      list.hidden = options.length === 0;
      if (live) live.textContent = options.map(({ text }) => text).join(", ");
      if (options.length) mark(0);
      else close();
    };

    area.addEventListener("input", () => {
      for (const option of taken) {
        if (area.value.includes(`@${option.text}`)) continue;
        option.selected = false;
        taken.delete(option);
      }
      offer();
    });
    area.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(current + 1);
      else if (event.key === "ArrowUp") mark(current - 1);
      else if (event.key === "Enter" || event.key === "Tab") take(current);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) take([...list.children].indexOf(row));
    });
    area.addEventListener("blur", close);
  };

  document.querySelectorAll("textarea[data-mentions]").forEach(enhance);
})();
