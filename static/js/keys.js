/* Keys of one letter, where the agent has not switched them off: « ? » lists them. */
(() => {
  "use strict";
  if (!("letterKeys" in document.body.dataset)) return;
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]");
  const rows = () => [...document.querySelectorAll(".data-table .row-link")];
  const here = (links) => {
    const focused = links.indexOf(document.activeElement.closest("tr")?.querySelector(".row-link"));
    return focused < 0 ? links.findIndex((link) => link.hasAttribute("aria-current")) : focused;
  };
  // Beyond the last row, or before the first, to the page that follows; beside the list with what it begins or ends with.
  let turning = false; // once, however long the key is held
  addEventListener("pageshow", () => { turning = false; });
  const turn = (step) => {
    const link = document.querySelector(`.pager a[rel="${step > 0 ? "next" : "prev"}"]`);
    if (!link || turning) return;
    turning = true;
    const page = new URL(link.href);
    if (page.searchParams.has("apercu")) page.searchParams.set("apercu", step > 0 ? "oui" : "fin");
    location.assign(page);
  };
  const move = (step) => {
    const links = rows();
    const from = here(links);
    const link = links[Math.max(from + step, 0)];
    if (!link || (from === 0 && step < 0)) {
      turn(step);
      return;
    }
    link.focus();
    if ("pane" in link.dataset) link.click();
  };
  const lists = {
    j: () => move(1),
    k: () => move(-1),
    o: () => (document.querySelector("[data-open-request]") ?? rows()[here(rows())])?.click(),
    x: () => rows()[here(rows())]?.closest("tr").querySelector("input[type=checkbox]")?.click(),
  };
  const press = (key) => {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (target.matches("input, textarea, select")) target.focus();
    else if (target.matches("dialog")) target.showModal();
    else target.click();
    return true;
  };
  // Escape leaves a text being written, as it is: the keys work again.
  document.addEventListener("keydown", ({ key, target, defaultPrevented, isComposing }) => {
    if (key === "Escape" && !defaultPrevented && !isComposing && target.matches("textarea")) target.blur();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const row = rows().length && lists[key];
    if (row) row();
    else if (event.repeat || !press(key)) return; // held: once
    event.preventDefault();
  });
})();
