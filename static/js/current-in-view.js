/* On a phone the ways and the views are lines that scroll sideways: each shows the page one is on. */
document.querySelectorAll(".agent-nav [aria-current], .rail [aria-current]").forEach((link) => {
  const line = link.closest("ul");
  line.scrollLeft = link.offsetLeft - (line.clientWidth - link.offsetWidth) / 2;
});
