// A button beside each password field shows what is typed, for as long as one wishes.
(function () {
  "use strict";
  const words = document.body.dataset;
  document.querySelectorAll("input[type=password]").forEach(function (field) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link show-password";
    button.setAttribute("aria-controls", field.id);
    button.setAttribute("aria-pressed", "false");
    button.textContent = words.showPassword;
    button.addEventListener("click", function () {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
    if (field.form) {
      field.form.addEventListener("submit", function () { field.type = "password"; });
    }
    field.insertAdjacentElement("afterend", button);
  });
})();
