/* Moves the focus to the error summary, and from its links into the fields. */
(() => {
  "use strict";
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const block = field.closest(".field") || field;
    block.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
})();
