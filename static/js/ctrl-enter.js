/* Ctrl + Enter, or Cmd + Enter, presses the button marked data-ctrl-enter: that of the form one writes
   in, or the only one of the page. */
(() => {
  "use strict";
  const MARKED = "[data-ctrl-enter]";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.defaultPrevented || event.repeat) return;
    const all = document.querySelectorAll(MARKED);
    const button = event.target.closest("form")?.querySelector(MARKED) ?? (all.length === 1 && all[0]);
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
})();
