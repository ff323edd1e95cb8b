/* One press, one sending. The server refuses doubles by itself; this only shows it.
   A form opts out with data-submit-once="off"; its words come from data-sending on <body>. */
(() => {
  "use strict";
  const live = document.querySelector("[data-live-region]");
  const words = document.body.dataset.sending || "";

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.submitOnce === "off" || event.defaultPrevented) return;
    if (event.submitter && event.submitter.formTarget) return; // opens elsewhere, this page stays
    if ("sending" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "";
    // After the browser has read the pressed button's name and value.
    setTimeout(() => {
      form.querySelectorAll('button:not([type="button"]), input[type="submit"]').forEach((button) => {
        button.setAttribute("aria-disabled", "true");
        button.classList.add("is-sending");
      });
      if (live) live.textContent = words;
    }, 0);
  });

  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach((form) => {
      delete form.dataset.sending;
      form.querySelectorAll(".is-sending").forEach((button) => {
        button.removeAttribute("aria-disabled");
        button.classList.remove("is-sending");
      });
    });
    if (live) live.textContent = "";
  });
})();
