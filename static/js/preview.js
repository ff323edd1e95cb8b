// Files opened in place: a [data-preview] link shows its image or PDF in a window over the page, and
// nothing is fetched before. Without this script the link opens the file itself.
(() => {
  "use strict";
  // a telephone often shows no PDF in a frame: there the link opens the file
  const opens = (link) => link.dataset.preview.startsWith("image/") || navigator.pdfViewerEnabled;
  const links = [...document.querySelectorAll("a[data-preview]")].filter(opens);
  const box = document.querySelector("dialog[data-preview-box]");
  if (!links.length || !box) return;
  const title = box.querySelector("h2");
  const place = box.querySelector("[data-preview-place]");
  const saved = box.querySelector("a[data-preview-save]");
  const [before, after] = box.querySelectorAll("button[data-step]");
  let shown = 0;

  const show = (index) => {
    shown = index;
    const link = links[index];
    const image = link.dataset.preview.startsWith("image/");
    const view = document.createElement(image ? "img" : "iframe");
    view[image ? "alt" : "title"] = link.dataset.name;
    view.src = link.href;
    title.textContent = link.dataset.name;
    saved.href = link.dataset.save;
    place.replaceChildren(view);
    before.disabled = index === 0;
    after.disabled = index === links.length - 1;
    if (!box.open) box.showModal();
  };
  links.forEach((link, index) => {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // in a tab of its own
      event.preventDefault();
      show(index);
    });
  });
  before.addEventListener("click", () => show(shown - 1));
  after.addEventListener("click", () => show(shown + 1));
  box.addEventListener("close", () => {
    place.replaceChildren(); // stops what still loads
    links[shown].focus();
  });
})();
