/* What the server makes of a sector as it is being changed: what it holds, what it shares, what is
   wrong with it, its points by address. The server alone reads GeoJSON: rings come from its answer. */
(() => {
  "use strict";
  const PATIENCE = 500; // milliseconds after a change before it is asked

  window.sectorTold = ({ block, told, words, say, adopt }) => {
    const form = block.closest("form");
    let timer = 0;
    let asking = null;
    let said = ""; // its last words

    /* gesture: of the list of points, done by the server */
    async function tell(gesture) {
      clearTimeout(timer);
      asking?.abort();
      asking = new AbortController();
      const data = new FormData(form);
      data.delete("area_file");
      if (gesture) data.append("geste", gesture);
      try {
        const answer = await fetch(block.dataset.told, { method: "POST", body: data, signal: asking.signal });
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        put(await answer.text(), gesture);
      } catch (error) {
        if (error.name !== "AbortError") say(words.unchecked);
        return;
      }
      const { dataset } = told.querySelector("[data-outline]");
      if (!("refused" in dataset)) adopt(dataset, gesture);
    }

    function put(html, gesture) {
      const unfolded = told.querySelector("[data-corners]").open;
      const held = told.contains(document.activeElement);
      const { lieux, apres } = form.elements;
      told.innerHTML = html;
      block.querySelector("[data-sector-refused]")?.remove(); // what was sent has changed since
      told.querySelector("[data-corners]").open ||= unfolded;
      if (!gesture) { // what is being typed stays
        form.elements.lieux.value = lieux.value;
        form.elements.apres.value = apres.value;
        if (!form.elements.apres.value) form.elements.apres.selectedIndex = 0;
      }
      if (held) (told.querySelector(`button[value="${gesture}"]`) || told.querySelector("summary")).focus();
      const heard = [...told.querySelectorAll("[data-heard]")].map((one) => one.textContent.trim().replace(/\.?$/, ".")).join(" ");
      if (heard !== said || gesture) say(heard);
      said = heard;
    }

    /* Something changed: an answer to what was before is worth nothing. */
    function later() {
      clearTimeout(timer);
      asking?.abort();
      timer = setTimeout(tell, PATIENCE);
    }

    return { tell, later };
  };
})();
