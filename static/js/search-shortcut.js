/* Ctrl+K or Cmd+K leads to the agents' search field. */
(() => {
  "use strict";
  const field = document.querySelector("[data-search-shortcut]");
  if (!field) return;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
