/* Ctrl + Enter, or Cmd + Enter, presses the button marked data-ctrl-enter, from wherever one writes. */
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.defaultPrevented || event.repeat) return;
    const button = document.querySelector("[data-ctrl-enter]");
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
})();
