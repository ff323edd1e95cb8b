/* A <details data-fold-narrow> is open on a wide screen and folded on a phone, unless the address leads to it. */
(() => {
  "use strict";
  const wide = window.matchMedia("(min-width: 62em)").matches;
  document.querySelectorAll("details[data-fold-narrow]").forEach((fold) => {
    fold.open = wide || (fold.id !== "" && location.hash === `#${fold.id}`);
  });
})();
