// Files opened in place: a [data-preview] link shows its image, PDF or text in a window over the page, and
// nothing is fetched before. The arrows lead to the file before and after; « + », « − », « 0 » and « r » make
// an image larger, smaller, whole again, and turn it. Without this script the link opens the file itself.
(() => {
  "use strict";
  const isImage = (link) => link.dataset.preview.startsWith("image/");
  // a telephone often shows no PDF in a frame: there the link opens the file
  const opens = (link) => link.dataset.preview !== "application/pdf" || navigator.pdfViewerEnabled;
  const links = [...document.querySelectorAll("a[data-preview]")].filter(opens);
  const box = document.querySelector("dialog[data-preview-box]");
  if (!links.length || !box) return;
  const MOST = 8; // times its size in the window
  const title = box.querySelector("h2");
  const place = box.querySelector("[data-preview-place]");
  const saved = box.querySelector("a[data-preview-save]");
  const failed = box.querySelector("[data-preview-failed]");
  const tools = box.querySelector("[data-preview-tools]");
  const [before, after] = box.querySelectorAll("button[data-step]");
  let shown = 0;
  let image = null; // while one is shown
  let zoom = 1;
  let turned = 0; // quarters, clockwise

  // the image takes the room that it covers once turned, so that what is larger than the window scrolls
  const lay = () => {
    if (!image?.naturalWidth) return;
    const upright = turned % 2 === 0;
    const [wide, high] = upright ? [image.naturalWidth, image.naturalHeight] : [image.naturalHeight, image.naturalWidth];
    const size = Math.min(place.clientWidth / wide, place.clientHeight / high, 1) * zoom;
    const sheet = image.parentElement;
    sheet.style.width = `${wide * size}px`;
    sheet.style.height = `${high * size}px`;
    image.style.width = `${image.naturalWidth * size}px`;
    image.style.transform = `translate(-50%, -50%) rotate(${turned * 90}deg)`;
  };
  const acts = {
    larger: () => (zoom = Math.min(zoom * 1.5, MOST)),
    smaller: () => (zoom = Math.max(zoom / 1.5, 1)),
    whole: () => (zoom = 1),
    turn: () => (turned = (turned + 1) % 4),
  };
  const keys = { "+": "larger", "=": "larger", "-": "smaller", 0: "whole", r: "turn" };
  const act = (name) => {
    acts[name]();
    lay();
  };

  const framed = (link) => {
    const frame = document.createElement("iframe");
    frame.title = link.dataset.name;
    frame.src = link.href;
    return frame;
  };
  const pictured = (link) => {
    const sheet = document.createElement("div");
    sheet.className = "preview-sheet";
    image = document.createElement("img");
    image.alt = link.dataset.name;
    image.addEventListener("load", lay);
    image.addEventListener("error", () => {
      failed.hidden = false;
    });
    image.src = link.href;
    sheet.append(image);
    return sheet;
  };
  const show = (index) => {
    shown = index;
    [image, zoom, turned] = [null, 1, 0];
    const link = links[index];
    failed.hidden = true;
    tools.hidden = !isImage(link);
    title.textContent = links.length > 1 ? `${link.dataset.name} (${index + 1}/${links.length})` : link.dataset.name;
    saved.href = link.dataset.save;
    place.replaceChildren(isImage(link) ? pictured(link) : framed(link));
    place.tabIndex = isImage(link) ? 0 : -1; // a frame takes the focus itself
    before.disabled = index === 0;
    after.disabled = index === links.length - 1;
    if (!box.open) box.showModal();
    // a disabled button hears no key
    if (document.activeElement.disabled) [after, before, saved].find((one) => !one.disabled).focus();
  };
  const step = (by) => {
    if (links[shown + by]) show(shown + by);
  };

  links.forEach((link, index) => {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // in a tab of its own
      event.preventDefault();
      show(index);
    });
  });
  before.hidden = after.hidden = links.length === 1;
  before.addEventListener("click", () => step(-1));
  after.addEventListener("click", () => step(1));
  tools.addEventListener("click", (event) => {
    const name = event.target.closest("[data-act]")?.dataset.act;
    if (name) act(name);
  });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const scrolls = event.target === place && zoom > 1; // arrows move a large image in its window
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const name = image && keys[event.key.toLowerCase()];
    if (by && !scrolls) step(by);
    else if (name) act(name);
    else return;
    event.preventDefault();
  });
  window.addEventListener("resize", lay);
  box.addEventListener("close", () => {
    place.replaceChildren(); // stops what still loads
    image = null;
    links[shown].focus();
  });
})();
