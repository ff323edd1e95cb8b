/* A form[data-enter-sends] is filled in without leaving the keyboard: Enter goes to the next thing
   that is still wanted (a mandatory question without an answer, a document's box not passed yet) and
   sends when nothing is; Ctrl + Enter sends at once. In a long text Enter begins a new line. It opens
   on the first such thing, or on what the page gives to read before it ([autofocus]). Without this
   script the button sends. */
(() => {
  "use strict";
  const WANTED = "[aria-required=true], [data-enter-stop], [data-enter-among]";

  const isAnyTicked = ({ form, name }) => [...form.elements].some((one) => one.name === name && one.checked);

  function isLacking(control, passed) {
    if (control.disabled) return false;
    if ("enterStop" in control.dataset) return !control.checked && !passed.has(control);
    if ("enterAmong" in control.dataset) return !isAnyTicked(control);
    if (control.type === "checkbox") return !control.checked;
    return control.value.trim() === "";
  }

  function go(control) {
    const closed = control.closest("details:not([open])");
    if (closed) closed.open = true;
    control.focus();
    if (control.select && control.type !== "checkbox") control.select();
  }

  document.querySelectorAll("form[data-enter-sends]").forEach((form) => {
    const passed = new Set(); // boxes that the agent has left unticked on purpose
    const lacking = () =>
      [...form.elements].filter((one) => one.matches(WANTED) && isLacking(one, passed));
    const first =
      form.querySelector("[autofocus]") ||
      lacking()[0] ||
      form.querySelector("input:not([type=hidden]):not([type=file]), textarea, select");
    if (first && !document.querySelector("[data-error-summary]")) go(first);

    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const control = event.target;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        form.requestSubmit();
        return;
      }
      if (!control.matches("input:not([type=file]), select")) return;
      event.preventDefault();
      passed.add(control);
      const others = lacking().filter((one) => one.name !== control.name); // nor a box beside it
      const after = (one) =>
        control.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
      const next = others.find(after) || others[0];
      if (next) go(next);
      else form.requestSubmit();
    });
  });
})();
