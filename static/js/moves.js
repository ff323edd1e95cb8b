/* Lists whose lines are put in order by buttons ([data-moves], [data-move="up"]…), which work without
   this script: Alt and an arrow move the line that has the focus; after a press the same button has the
   focus again, and says with its name where the line stands now. */
(() => {
  "use strict";
  const KEPT = "moved"; // which button was pressed, until the page has come back
  const OTHER = { up: "down", down: "up" };
  const lists = document.querySelectorAll("[data-moves]");
  const buttonOf = (line, way) => line.querySelector(`[data-move="${way}"]:not(:disabled)`);

  lists.forEach((list) => {
    let byKeys = false;
    list.addEventListener("keydown", (event) => {
      const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      const line = event.altKey && way && event.target.closest("li");
      if (!line) return;
      event.preventDefault();
      byKeys = event.target === line; // who moves the line itself finds it again, not its button
      buttonOf(line, way)?.click();
      byKeys = false;
    });
    list.addEventListener("submit", (event) => {
      const way = event.submitter?.dataset.move;
      if (way && !byKeys) sessionStorage.setItem(KEPT, way);
    });
  });

  const way = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  const line = way && location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!line) return;
  const focus = () => {
    const button = buttonOf(line, way) || buttonOf(line, OTHER[way]);
    const told = line.querySelector(".messages");
    if (!button) return;
    if (told) {
      told.id ||= "moved-told";
      button.setAttribute("aria-describedby", told.id);
    }
    button.focus({ preventScroll: true });
  };
  addEventListener("load", () => setTimeout(() => setTimeout(focus))); // after message-in-place.js
})();
