/* The way back from a request leads to the list one came from, as it was filtered and ordered; there
   the request that one has read is marked, and in sight. */
(() => {
  "use strict";
  const LIST = "last-list";
  const READ = "last-read";
  const back = document.querySelector("[data-list-back]");
  if (back) {
    back.href = sessionStorage.getItem(LIST) ?? back.href;
    sessionStorage.setItem(READ, location.pathname);
    return;
  }
  addEventListener("pagehide", () => sessionStorage.setItem(LIST, location.pathname + location.search));
  addEventListener("pageshow", () => {
    const read = sessionStorage.getItem(READ);
    sessionStorage.removeItem(READ);
    const links = [...document.querySelectorAll(".data-table .row-link")];
    const link = read && links.find((one) => one.pathname === read);
    if (!link) return;
    links.forEach((one) => one.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    link.scrollIntoView({ block: "nearest" });
  });
})();
