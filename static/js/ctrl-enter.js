/* Ctrl + Enter, or Cmd + Enter, presses the button marked data-ctrl-enter: that of the form one writes
   in, or the only one of the page. With Shift, the one marked data-ctrl-shift-enter, where there is one. */
(() => {
  "use strict";
  const marked = (mark, from) => {
    const all = document.querySelectorAll(mark);
    return from.closest("form")?.querySelector(mark) ?? (all.length === 1 && all[0]);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.defaultPrevented || event.repeat) return;
    const shifted = event.shiftKey && marked("[data-ctrl-shift-enter]", event.target);
    const button = shifted || marked("[data-ctrl-enter]", event.target);
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
})();
