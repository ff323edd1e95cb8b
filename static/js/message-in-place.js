/* A page opened at an anchor hides its message above: it is shown where one looks, and read out.
   Without this script it stands at the top of the page. */
(() => {
  "use strict";
  const box = document.querySelector(".messages");
  const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!box || !place) return;
  const heading = place.querySelector("h2, h3");
  if (/^H\d$/.test(place.tagName)) place.after(box);
  else if (heading) heading.after(box);
  else place.prepend(box);
  box.tabIndex = -1;
  const show = () => {
    (place.hasAttribute("tabindex") ? place : box).focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  };
  addEventListener("load", () => setTimeout(show)); // the browser, which goes there too, is done
})();
