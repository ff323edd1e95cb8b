/* The way back from a request leads to the list one came from, at the page where one was; there
   the request that one has read is marked, and in sight. A request's page that comes back after an act
   without its list gets it again, with the ways to its neighbours. */
(() => {
  "use strict";
  const LIST = "last-list";
  const READ = "last-read";
  const LISTED = "last-listed"; // the request last opened from a list, with the list its address carries
  const PASSING = ["apres", "avant", "apercu", "filtrer", "presenter"]; // where one was in a list, not which
  const what = (address) => {
    const params = new URL(address, location.origin).searchParams;
    return [...params].filter(([name, value]) => value && !PASSING.includes(name)).map(String).sort().join("&");
  };
  const back = document.querySelector("[data-list-back]");
  if (back) {
    const seen = sessionStorage.getItem(LIST);
    const ofSame = seen && new URL(seen, location.origin).pathname === back.pathname; // not a record's
    if (ofSame && (!back.search || what(seen) === what(back.href))) back.href = seen;
    sessionStorage.setItem(READ, location.pathname);
    const neighbours = document.querySelector("template[data-neighbours]");
    const listed = new URL(sessionStorage.getItem(LISTED) ?? "/", location.origin);
    if (!neighbours) sessionStorage.setItem(LISTED, location.pathname + location.search);
    else if (listed.pathname === location.pathname) {
      const ways = neighbours.content.firstElementChild;
      neighbours.replaceWith(ways); // only within the page have its links an address
      ways.querySelectorAll("a").forEach((link) => { link.search = listed.search; });
    }
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
