/* The form builder, betters what buttons do without it:
   - what is being written shows in the preview a moment after the last key;
   - the preview shows the question that is written;
   - Alt and an arrow move the question that has the focus. */
(() => {
  "use strict";
  const PATIENCE = 600;
  const MARGIN = 24; // pixels above the question, in its preview
  const writing = document.querySelector("form[data-live-preview]");

  if (writing) {
    const show = writing.querySelector("[data-preview]");
    let timer = 0;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => writing.requestSubmit(show), PATIENCE);
    };
    writing.addEventListener("input", later);
    writing.addEventListener("submit", () => clearTimeout(timer));
  }

  const frame = document.querySelector("iframe[name=apercu]");
  const toWritten = () => {
    const place = frame.contentDocument?.querySelector("[data-written]");
    if (!place) return;
    const { scrollY } = frame.contentWindow;
    frame.contentWindow.scrollTo(0, place.getBoundingClientRect().top + scrollY - MARGIN);
  };
  if (frame) {
    frame.addEventListener("load", toWritten);
    if (frame.contentDocument?.readyState === "complete") toWritten();
  }

  document.querySelectorAll("[data-form-items]").forEach((list) => {
    list.addEventListener("keydown", (event) => {
      const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      if (!way || !event.altKey) return;
      const button = event.target.closest(".form-item")?.querySelector(`[data-move="${way}"]`);
      if (!button) return;
      event.preventDefault();
      if (!button.disabled) button.click();
    });
  });
})();
