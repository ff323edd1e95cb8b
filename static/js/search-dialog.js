// The one search box over any staff page: Ctrl+K, Cmd+K, a click into the field of the head, or « / » (keys.js).
// A combobox (ARIA 1.2): the answers are the server's own lists, dressed as one listbox here. Arrows choose,
// Enter opens what is chosen or else the page of all results, Escape closes. Without this script the field of
// the head is a plain form.
(() => {
  "use strict";
  const WAIT = 120; // milliseconds without typing before anything is asked
  const SHORTEST = 2;
  const dialog = document.querySelector("[data-search-dialog]");
  const opener = document.querySelector("[data-search-opener]");
  if (!dialog?.showModal || !opener) return;
  const input = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const said = dialog.querySelector("[role=status]");
  let options = [];
  let current = -1;
  let timer = 0;
  let asking = null;

  const choose = (index) => {
    current = index < options.length ? index : -1; // past the last: back in the box
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === current)));
    if (current < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[current].id);
      options[current].scrollIntoView({ block: "nearest" });
    }
  };
  const dress = () => {
    list.querySelectorAll("ul, li, h2").forEach((one) => one.setAttribute("role", "presentation"));
    list.querySelectorAll("section").forEach((group, place) => {
      const title = group.querySelector("h2");
      title.id = `${list.id}-groupe-${place}`;
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", title.id);
    });
    options = [...list.querySelectorAll(".found-link")];
    options.forEach((option, place) => {
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.tabIndex = -1;
    });
  };
  const show = (fragment, words) => {
    list.innerHTML = fragment; // our own server's, escaped there
    dress();
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    said.textContent = words ?? list.firstElementChild?.dataset.found ?? "";
    choose(-1);
    list.scrollTop = 0;
  };
  const ask = async () => {
    clearTimeout(timer);
    asking?.abort();
    const typed = input.value.trim();
    if (typed && typed.length < SHORTEST) return show(""); // nothing typed: what was opened last
    const mine = (asking = new AbortController());
    try {
      const url = `${input.form.action}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: mine.signal });
      const text = await answer.text();
      // a session that is over, or a post to choose first, is another page
      if (!answer.ok || answer.redirected) show("", dialog.dataset.unanswered);
      else show(text);
    } catch {
      if (!mine.signal.aborted) show("", dialog.dataset.unanswered); // offline
    }
  };
  const open = (words) => {
    if (!dialog.open) dialog.showModal();
    if (words) input.value = words;
    input.focus();
    input.select(); // where the focus was there already
    ask();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  opener.setAttribute("aria-haspopup", "dialog");
  opener.addEventListener("click", () => open(opener.value));
  opener.addEventListener("input", () => {
    open(opener.value);
    input.setSelectionRange(input.value.length, input.value.length); // typed on, not over
  });

  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && options.length) choose(current + 1);
    else if (event.key === "ArrowUp" && options.length) choose(current < 0 ? options.length - 1 : current - 1);
    else if (event.key === "Enter" && current >= 0) options[current].click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asking?.abort();
  });
})();
