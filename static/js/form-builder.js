/* The form builder, betters what buttons do without it:
   - what is being written shows in the preview a moment after the last key;
   - the preview shows the question that is written;
   - a line for one more answer is there at once. */
(() => {
  "use strict";
  const PATIENCE = 350;
  const MARGIN = 24; // pixels above the question, in its preview
  const frame = document.querySelector("iframe[name=apercu]");
  if (!frame) return;
  const incomplete = document.querySelector("[data-incomplete]");

  const toWritten = () => {
    const place = frame.contentDocument?.querySelector("[data-written]");
    if (!place) return;
    const { scrollY } = frame.contentWindow;
    frame.contentWindow.scrollTo(0, place.getBoundingClientRect().top + scrollY - MARGIN);
  };
  frame.addEventListener("load", toWritten);
  // back on the list at the question that was written, or moved: the preview is there too
  const named = /^#(?:questions|pieces|conditions)-(.+)$/.exec(location.hash);
  if (named && !frame.src.includes("?")) frame.contentWindow.location.replace(`${frame.src}?question=${named[1]}`);
  if (frame.contentDocument?.readyState === "complete") toWritten();

  // Fetched, not sent into the frame: each sending there would be a page more behind « Back ».
  const live = (writing) => {
    const button = writing.querySelector("[data-preview]");
    let timer = 0;
    let asking = null;
    const show = async () => {
      asking?.abort();
      asking = new AbortController();
      const data = new FormData(writing);
      data.append(button.name, button.value);
      try {
        const address = writing.getAttribute("action") || location.href; // its buttons are named « action »
        const answer = await fetch(address, { method: "POST", body: data, signal: asking.signal });
        if (!answer.ok || answer.redirected) return;
        if (incomplete) incomplete.hidden = !answer.headers.has("X-Incomplete");
        frame.srcdoc = await answer.text();
      } catch {
        // typed on, or offline: the button still works
      }
    };
    writing.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(show, PATIENCE);
    });
    button.addEventListener("click", (event) => {
      event.preventDefault();
      show();
      frame.scrollIntoView({ block: "nearest" });
    });
    writing.addEventListener("submit", () => clearTimeout(timer));
  };
  document.querySelectorAll("form[data-live-preview]").forEach(live);

  document.querySelectorAll("[data-more-lines]").forEach((button) => {
    const total = button.form.elements[`${button.dataset.moreLines}-TOTAL_FORMS`];
    const template = button.form.querySelector("template[data-line]");
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const index = Number(total.value);
      const line = document.createElement("template");
      line.innerHTML = template.innerHTML.replaceAll("__prefix__", index).replaceAll("__number__", index + 1);
      const first = line.content.querySelector("input:not([type=hidden])");
      template.before(line.content);
      total.value = index + 1;
      button.hidden = index + 1 >= Number(button.dataset.most);
      first.focus();
    });
  });
})();
