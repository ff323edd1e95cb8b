/* The way back from a request leads to the list one came from, as it was filtered and ordered. */
(() => {
  "use strict";
  const KEY = "last-list";
  const back = document.querySelector("[data-list-back]");
  if (back) back.href = sessionStorage.getItem(KEY) ?? back.href;
  else addEventListener("pagehide", () => sessionStorage.setItem(KEY, location.pathname + location.search));
})();
