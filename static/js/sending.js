/* Sends files over slow and broken networks. Without this script, or where it fails, the forms are
   posted by the browser as ever: it only adds the progress, and a way to try again.

   form[data-sending-files="each"]: a chosen file goes at once; the server answers with the page, of which
   the file's field is taken over. form[data-sending-files="whole"]: the form goes when it is sent, with
   its files; the answer is shown as the browser would. The words are in template[data-sending-words].
   A telephone's heavy photo is made smaller on its way, still large enough to read a page by. */
(() => {
  "use strict";
  const pattern = document.querySelector("template[data-sending-words]");
  if (!pattern) return;
  const words = pattern.dataset;
  const STALL = 45000; // milliseconds without a byte: the network is as good as cut
  const HEAVY = 2 * 1024 * 1024; // bytes above which a photo is made smaller
  const LONGEST = 3000; // pixels of its longer side then: a sheet of A4 at 250 dots an inch
  const live = document.querySelector("[data-live-region]"); // how it goes
  const alarm = document.querySelector("[data-alert-region]"); // what went wrong
  const say = (text, name) => text.replace("{name}", () => name);

  /* The line of one sending: its name, its progress, then what went wrong and what can be done. */
  function showLine(place, name, { retry, drop }) {
    const line = pattern.content.firstElementChild.cloneNode(true);
    const find = (part) => line.querySelector(`[data-part="${part}"]`);
    const bar = find("bar");
    const fail = (text) => {
      find("words").textContent = text;
      line.classList.add("is-cut");
      bar.hidden = true;
      find("acts").hidden = false;
      find("drop").hidden = !drop;
      if (alarm) alarm.textContent = text;
    };
    find("name").textContent = name;
    bar.setAttribute("aria-label", say(words.going, name));
    find("retry").addEventListener("click", retry);
    if (drop) find("drop").addEventListener("click", drop);
    place(line);
    return {
      fail,
      focus: () => find("retry").focus(),
      remove: () => line.remove(),
      restart: () => {
        find("words").textContent = say(words.going, name);
        line.classList.remove("is-cut");
        bar.hidden = false;
        bar.value = 0;
        find("acts").hidden = true;
        if (alarm) alarm.textContent = ""; // the same mistake twice is told twice
      },
      progress: (part) => { bar.value = Math.round(part * 100); },
    };
  }

  /* A lighter copy of a heavy photo, upright; the file itself when it is none or cannot be read. */
  async function lighter(file) {
    if (file.type !== "image/jpeg" || file.size <= HEAVY) return file;
    try {
      const image = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const copy = await new Promise((done) => canvas.toBlob(done, file.type, 0.85));
      return copy.size < file.size ? new File([copy], file.name, { type: file.type }) : file;
    } catch {
      return file;
    }
  }

  async function lighten(data) {
    for (const key of new Set(data.keys())) {
      const values = data.getAll(key);
      if (!values.some((one) => one instanceof File)) continue;
      data.delete(key);
      for (const one of values) data.append(key, one instanceof File ? await lighter(one) : one);
    }
  }

  /* Post `data`; resolves with the request once answered, rejects when the network broke off. */
  async function post(form, data, progress) {
    await lighten(data);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      let silence = 0;
      const alive = () => {
        clearTimeout(silence);
        silence = setTimeout(() => request.abort(), STALL);
      };
      request.upload.addEventListener("progress", (event) => {
        alive();
        if (event.lengthComputable) progress(event.loaded / event.total);
      });
      request.addEventListener("loadend", () => {
        clearTimeout(silence);
        if (request.status) resolve(request);
        else reject(new Error("cut"));
      });
      request.open("POST", form.getAttribute("action") || location.href);
      request.send(data);
      alive();
    });
  }

  /* Files one after the other, each as soon as it is chosen. */
  function sendEach(form) {
    const queue = [];
    let going = null;
    let held = null; // the button pressed meanwhile: it is pressed again at the end

    function enqueue(input, file) {
      const block = document.getElementById(`div_${input.dataset.field}`);
      const one = { file, key: input.name, block: block.id, failed: false };
      one.line = showLine((line) => block.after(line), file.name, {
        retry: () => { one.failed = false; one.line.restart(); next(); },
        drop: () => { queue.splice(queue.indexOf(one), 1); one.line.remove(); next(); },
      });
      one.line.restart();
      queue.push(one);
    }

    async function next() {
      if (going) return;
      going = queue.find((one) => !one.failed);
      if (!going) return finish();
      const one = going;
      const data = new FormData();
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.set("action", "upload");
      data.set(one.key, one.file);
      try {
        const answer = await post(form, data, one.line.progress);
        const fresh = answer.status === 200 && takeOver(one.block, answer.responseText);
        if (!fresh) throw new Error(answer.status === 403 ? "over" : "failed");
        queue.splice(queue.indexOf(one), 1);
        one.line.remove();
        const [region, text] = fresh === "kept" ? [live, words.done] : [alarm, words.refused];
        if (region) region.textContent = say(text, one.file.name);
      } catch (error) {
        one.failed = true;
        one.line.fail(words[error.message] || words.failed);
      }
      going = null;
      next();
    }

    function takeOver(id, html) {
      const page = new DOMParser().parseFromString(html, "text/html");
      const fresh = page.getElementById(id);
      const block = document.getElementById(id);
      if (!fresh || !block) return "";
      renewSummary(page, fresh.querySelector('input[type="file"]').id);
      const focused = block.contains(document.activeElement);
      block.replaceWith(fresh);
      const leaves = form.querySelector("[data-leaves]"); // « Continuer sans document » no more
      if (leaves) leaves.textContent = page.querySelector("[data-leaves]").textContent;
      if (focused) fresh.querySelector('input[type="file"]').focus();
      return fresh.classList.contains("has-error") ? "refused" : "kept";
    }

    /* What an error summary already there says of one field: as the answered page says it. */
    function renewSummary(page, field) {
      const entries = (from) => [...from.querySelectorAll("[data-error-summary] li")].filter((one) => one.querySelector(`a[href="#${field}"]`));
      const list = document.querySelector("[data-error-summary] ul");
      if (!list) return;
      const stale = entries(document);
      const now = entries(page);
      if (stale.length) stale[0].before(...now);
      else list.append(...now);
      stale.forEach((one) => one.remove());
      const fresh = page.querySelector("[data-error-summary]");
      const title = list.parentElement.querySelector(".error-summary-title");
      if (!list.children.length) list.parentElement.remove();
      else if (fresh?.querySelectorAll("li").length === list.children.length) title.replaceWith(fresh.querySelector(".error-summary-title"));
    }

    function finish() {
      const button = held;
      held = null;
      if (!button) return;
      const failed = queue.find((one) => one.failed);
      if (failed) failed.line.focus();
      else form.requestSubmit(button);
    }

    form.addEventListener("change", (event) => {
      const input = event.target;
      if (input.type !== "file" || !input.files.length) return;
      [...input.files].forEach((file) => enqueue(input, file));
      input.value = "";
      next();
    });
    form.addEventListener("submit", (event) => {
      if (!queue.length) return;
      event.preventDefault();
      held = event.submitter;
      if (live) live.textContent = words.wait;
      if (!going) finish();
    });
    addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
    addEventListener("online", () => {
      queue.forEach((one) => { if (one.failed) { one.failed = false; one.line.restart(); } });
      next();
    });
  }

  /* The whole form, when it is sent with a file. */
  function sendWhole(form) {
    let line = null;

    async function go(data, name) {
      line.restart();
      try {
        const answer = await post(form, data, line.progress);
        if (answer.status >= 500 || answer.status === 413) throw new Error("refused");
        show(answer);
      } catch (error) {
        delete form.dataset.going;
        line.fail(error.message === "cut" ? words.cut : words.failed);
      }
    }

    form.addEventListener("submit", (event) => {
      const files = [...form.querySelectorAll('input[type="file"]')].flatMap((one) => [...one.files]);
      if (!files.length) return;
      event.preventDefault();
      if ("going" in form.dataset) return;
      form.dataset.going = "";
      if (line) line.remove();
      const data = new FormData(form, event.submitter);
      const name = files.map((one) => one.name).join(", ");
      const acts = form.querySelector(".actions");
      line = showLine((one) => acts.before(one), name, { retry: () => form.requestSubmit() });
      go(data, name);
    });
    addEventListener("online", () => { if (form.querySelector(".is-cut")) form.requestSubmit(); });
  }

  /* Show a page that came as an answer as if the browser had gone there, scripts included. */
  function show(answer) {
    history.replaceState(null, "", answer.responseURL || location.href);
    document.open();
    document.write(answer.responseText);
    document.close();
  }

  /* Without a network a page would be lost to the browser's own error: say it, and keep the page. */
  function keepOffline(form) {
    let line = null;
    form.addEventListener("submit", (event) => {
      if (line) line.remove();
      line = null;
      if (navigator.onLine || event.defaultPrevented) return;
      event.preventDefault();
      const button = event.submitter;
      const again = () => form.requestSubmit(button);
      line = showLine((one) => form.querySelector(".actions").before(one), "", { retry: again });
      line.fail(words.cut);
      line.focus();
    });
  }

  document.querySelectorAll("form[data-sending-files]").forEach((form) => {
    if (form.dataset.sendingFiles === "each") sendEach(form);
    else sendWhole(form);
    keepOffline(form);
  });
})();
