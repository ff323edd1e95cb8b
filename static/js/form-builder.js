/* The form builder, betters what buttons do without it:
   - what is being written shows in the preview a moment after the last key;
   - the preview changes its width and the page stays;
   - Alt and an arrow move the question that has the focus. */
(() => {
  "use strict";
  const PATIENCE = 600;
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

  const frame = document.querySelector("[data-frame]");
  const widths = [...document.querySelectorAll("[data-widths] [data-width]")];
  widths.forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      widths.forEach((one) => {
        frame.classList.toggle(`form-frame-${one.dataset.width}`, one === link);
        if (one === link) one.setAttribute("aria-current", "true");
        else one.removeAttribute("aria-current");
      });
    });
  });

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
