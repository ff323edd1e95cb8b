/* What a form[data-drop-empty] leaves blank does not lengthen the address it leads to. */
addEventListener("formdata", ({ target, formData }) => {
  if (!("dropEmpty" in target.dataset)) return;
  for (const name of new Set(formData.keys())) {
    const given = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    given.forEach((value) => formData.append(name, value));
  }
});
