// What the browser refused is said on the page, not only to its console.
(function () {
  "use strict";
  const place = document.querySelector("[data-passkey-error]");
  document.addEventListener("allauth.error", function (event) {
    if (!place) { return; }
    event.preventDefault();
    place.hidden = false;
    place.focus();
  });
})();
