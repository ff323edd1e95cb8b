/* Shows a field only when another one's answer calls for it:
   <div class="field" data-visible-if='{"field": "name", "operator": "equals", "value": "x"}'>
   A list of rules shows it when any of them holds (a notice about danger).
   A hidden field is disabled, so it is neither sent nor required; an unanswered question shows
   nothing that depends on it. Without this script every field shows and the server decides. */
(() => {
  "use strict";
  const holds = {
    equals: (answers, value) => answers.includes(String(value)),
    not_equals: (answers, value) =>
      answers.some((one) => one !== "") && !answers.includes(String(value)),
    in: (answers, value) => value.some((one) => answers.includes(String(one))),
    greater_than: (answers, value) =>
      answers.some((one) => one !== "" && Number(one.replace(",", ".")) > Number(value)),
  };

  function answersTo(form, name) {
    const controls = [...form.elements].filter((one) => one.name === name && !one.disabled);
    return controls.flatMap((one) => {
      if (one.type === "checkbox" && !one.hasAttribute("value")) return [one.checked ? "true" : "false", one.checked ? "on" : ""];
      if (one.type === "checkbox" || one.type === "radio") return one.checked ? [one.value] : [];
      if (one.multiple && one.options) return [...one.selectedOptions].map((option) => option.value);
      return [one.value];
    });
  }

  function refresh(form) {
    form.querySelectorAll("[data-visible-if]").forEach((block) => {
      const rules = [JSON.parse(block.dataset.visibleIf)].flat().filter((rule) => holds[rule.operator]);
      if (!rules.length) return;
      const visible = rules.some((rule) => holds[rule.operator](answersTo(form, rule.field), rule.value));
      block.hidden = !visible;
      block.querySelectorAll("input, select, textarea").forEach((control) => {
        control.disabled = !visible || "initiallyDisabled" in control.dataset;
      });
    });
  }

  document.querySelectorAll("form").forEach((form) => {
    if (!form.querySelector("[data-visible-if]")) return;
    form.querySelectorAll("[data-visible-if] :disabled").forEach((control) => {
      control.dataset.initiallyDisabled = "";
    });
    refresh(form);
    form.addEventListener("input", () => refresh(form));
    form.addEventListener("change", () => refresh(form));
  });
})();
