/* A click anywhere in a row opens what its a.row-link leads to, unless a text is being selected. */
(() => {
  "use strict";
  document.querySelectorAll(".data-table:has(.row-link)").forEach((table) => {
    const open = (event) => {
      const link = event.target.closest("tr")?.querySelector(".row-link");
      if (!link || event.button > 1 || event.target.closest("a, button, input, .col-choice") || getSelection().type === "Range") return;
      const aside = event.button === 1 || event.ctrlKey || event.metaKey;
      link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: aside, metaKey: aside, shiftKey: event.shiftKey }));
    };
    table.classList.add("rows-open");
    table.addEventListener("click", open);
    table.addEventListener("auxclick", open);
  });
})();
