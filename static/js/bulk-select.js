// Choosing rows of the list: how many, and all of the page at once. Without it each has its box.
(() => {
  "use strict";
  const form = document.querySelector("form[data-bulk]");
  if (!form) return;
  const boxes = () => [...document.querySelectorAll('input[name="row"][form="groupe"]')]; // rows are renewed
  const all = form.querySelector("[data-bulk-all]");
  const whole = form.querySelector('[name="tout"]');
  const count = form.querySelector("[data-bulk-count]");
  let last = null;

  const show = () => {
    const rows = boxes();
    const chosen = rows.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && !all.checked;
    const words = chosen ? `${chosen} ${chosen > 1 ? form.dataset.many : form.dataset.one}` : "";
    if (count.textContent !== words) count.textContent = words;
    form.classList.toggle("has-chosen", chosen > 0 || Boolean(whole?.checked));
    rows.forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
  };
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.('input[name="row"][form="groupe"]')) return;
    const rows = boxes();
    const [from, to] = [rows.indexOf(last), rows.indexOf(event.target)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) rows.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
    last = event.target;
    show();
  });
  all.addEventListener("change", () => {
    boxes().forEach((box) => { box.checked = all.checked; });
    show();
  });
  whole?.addEventListener("change", show);
  addEventListener("pageshow", show); // the browser keeps what was ticked
  form.classList.add("is-live");
  all.closest("label").hidden = false;
  show();
})();
