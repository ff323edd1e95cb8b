/* Each [data-insert] becomes a button that writes its text where one last wrote; before that, at
   the end of the form's first large text. Without this script it stays a text to copy. */
(() => {
  "use strict";
  const areas = [...document.querySelectorAll("form textarea, form input[type=text]")];
  let last = document.querySelector("form textarea");
  last.setSelectionRange(last.value.length, last.value.length);
  areas.forEach((area) => area.addEventListener("focus", () => (last = area)));
  document.querySelectorAll("[data-insert-hint]").forEach((hint) => (hint.hidden = false));
  document.querySelectorAll("[data-insert]").forEach((shown) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link merge-field";
    button.addEventListener("click", () => {
      last.focus();
      last.setRangeText(shown.dataset.insert, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new Event("input", { bubbles: true }));
    });
    shown.replaceWith(button);
    button.append(shown);
  });
})();
