// Takes the button of an undoable sending away once it has left. Without it the server says so.
(() => {
  "use strict";
  const box = document.querySelector("[data-undo]");
  if (!box) return;
  setTimeout(() => {
    const button = box.querySelector("button");
    if (button === document.activeElement) document.querySelector("main")?.focus();
    button.remove();
    box.querySelector("[data-undo-open]").hidden = true;
    box.querySelector("[data-undo-gone]").hidden = false;
  }, Number(box.dataset.undo));
})();
