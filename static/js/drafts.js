/* What is typed in a form[data-draft] stays in this tab until it is sent: leaving the page loses
   nothing. It is never sent to the server by itself, never shared with another tab, and goes at
   log-out. form[data-no-draft], of a request that only named agents read, keeps nothing. */
(() => {
  "use strict";
  const ALL = "brouillon/";
  const agent = document.body.dataset.agent;
  const mine = `${ALL}${agent}/`;
  const live = document.querySelector("[data-live-region]");
  const pattern = document.querySelector("template[data-draft-words]");
  // the hour of the town, as the page says it
  const CLOCK = new Intl.DateTimeFormat("fr", { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const otherTabs = new BroadcastChannel("brouillons");

  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(ALL));
  const read = (key) => JSON.parse(sessionStorage.getItem(key));
  const write = (key, draft) => sessionStorage.setItem(key, JSON.stringify(draft));
  const forget = () => keys().forEach((key) => sessionStorage.removeItem(key));

  /* The next page says whether what was sent has arrived: only a success drops its draft. */
  const arrived = document.querySelector(".messages .notice-success, [data-undo]");
  const settle = (key) => {
    if (!key.startsWith(mine)) return sessionStorage.removeItem(key); // a colleague's, at the same post
    const draft = read(key);
    if (!draft.sent) return undefined;
    return arrived ? sessionStorage.removeItem(key) : write(key, { ...draft, sent: false });
  };

  const KEPT = "textarea[name], select[multiple][name], input[data-draft-too]";
  const fields = (form) => [...form.querySelectorAll(KEPT)];
  const value = (field) => (field.multiple ? [...field.selectedOptions].map((one) => one.value) : field.value);
  const put = (field, kept) => {
    if (!field.multiple) field.value = kept;
    else [...field.options].forEach((one) => { one.selected = kept.includes(one.value); });
  };
  const tell = (form) => form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));

  /* The line that says that a text is back: with its way out, or, where the page has words of its
     own, the way to take it. */
  const show = (form, key, draft, taken) => {
    const line = pattern.content.firstElementChild.cloneNode(true);
    const [take, clear] = [line.querySelector("[data-draft-take]"), line.querySelector("[data-draft-clear]")];
    const area = form.querySelector("textarea");
    const words = taken ? pattern.dataset.back : pattern.dataset.waits;
    const clock = Object.fromEntries(CLOCK.formatToParts(draft.at).map(({ type, value: said }) => [type, said]));
    line.querySelector("[data-draft-said]").textContent = words.replace("{h}", Number(clock.hour)).replace("{m}", clock.minute);
    take.hidden = taken;
    take.addEventListener("click", () => {
      restore(form, draft);
      line.remove();
      area.focus();
    });
    clear.addEventListener("click", () => {
      if (taken) fields(form).forEach((field) => put(field, field.multiple ? [] : field.defaultValue));
      line.remove();
      tell(form);
      sessionStorage.removeItem(key);
      area.focus();
    });
    area.labels[0].before(line);
    if (live) live.textContent = line.querySelector("[data-draft-said]").textContent;
  };
  const restore = (form, draft) => {
    fields(form).forEach((field) => { if (field.name in draft.typed) put(field, draft.typed[field.name]); });
    tell(form);
  };

  const keep = (form) => {
    const key = mine + form.dataset.draft;
    const areas = fields(form).filter((field) => !field.multiple);
    const draft = sessionStorage.getItem(key) && read(key);
    if (draft && areas.length && areas.some((one) => one.value !== draft.typed[one.name])) {
      const taken = areas.every((one) => !one.value.trim());
      if (taken) restore(form, draft);
      show(form, key, draft, taken);
    }
    form.addEventListener("input", () => {
      const typed = areas.some((one) => one.value.trim() && one.value !== one.defaultValue);
      if (!typed) return sessionStorage.removeItem(key);
      const all = Object.fromEntries(fields(form).map((field) => [field.name, value(field)]));
      return write(key, { typed: all, at: Date.now(), sent: false });
    });
    form.addEventListener("submit", ({ submitter, defaultPrevented }) => {
      if (defaultPrevented || submitter?.formTarget || !sessionStorage.getItem(key)) return;
      write(key, { ...read(key), sent: true });
    });
  };

  if (agent) keys().forEach(settle);
  document.querySelectorAll("form[data-no-draft]").forEach((form) => sessionStorage.removeItem(mine + form.dataset.noDraft));
  document.querySelectorAll("form[data-draft]").forEach(keep);
  document.querySelectorAll("form[data-logout]").forEach((form) => {
    form.addEventListener("submit", () => {
      forget();
      otherTabs.postMessage("logout");
    });
  });
  otherTabs.addEventListener("message", forget);
})();
