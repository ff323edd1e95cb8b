/* In a search field[data-picks] whose answers come while one types, Enter takes the first of them
   and the down arrow goes into the list. When the list is not that of the words in the field, or
   without this script, Enter asks the server and the first answer has the focus. */
(() => {
  "use strict";
  document.querySelectorAll("input[data-picks]").forEach((field) => {
    const list = document.querySelector(field.dataset.picks);
    const answers = () => {
      const shown = list.querySelector("[data-for]");
      return shown && shown.dataset.for === field.value.trim() ? [...shown.querySelectorAll(".person")] : [];
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "ArrowDown"].includes(event.key)) return;
      const first = answers()[0];
      if (!first) return;
      event.preventDefault();
      if (event.key === "Enter") first.click();
      else first.focus();
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const all = answers();
      const at = all.indexOf(event.target.closest(".person"));
      if (!step || at < 0) return;
      event.preventDefault();
      (all[at + step] || (step < 0 ? field : all[at])).focus();
    });
  });
})();
