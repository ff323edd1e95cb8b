/* Proposes a code while the name is typed, until somebody writes the code themselves.
   Without this script it may be left empty: the server makes the same one. */
(() => {
  "use strict";
  const LIGATURES = { œ: "oe", æ: "ae", ß: "ss" };
  const codeOf = (name, longest) =>
    name
      .toLowerCase()
      .replace(/[œæß]/g, (letter) => LIGATURES[letter])
      .replace(/['’]/g, " ")
      .normalize("NFKD")
      .replace(/[^a-z0-9\s_-]/g, "")
      .replace(/[\s-]+/g, "-")
      .slice(0, longest)
      .replace(/^[-_]+|[-_]+$/g, "");

  document.querySelectorAll("[data-code-of]").forEach((code) => {
    const name = code.form.elements[code.dataset.codeOf];
    let own = code.value !== "";
    name.addEventListener("input", () => {
      if (!own) code.value = codeOf(name.value, code.maxLength - 3);
    });
    code.addEventListener("input", () => {
      own = code.value !== "";
    });
  });
})();
