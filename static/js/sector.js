/* A sector drawn on the plan ([data-sector]): points set, moved and removed by touch, mouse or
   keyboard. Without this script the list of points and the text do the same. */
(() => {
  "use strict";
  const block = document.querySelector("[data-sector]");
  if (!block || !window.townPlan || !window.sectorOutline || !window.sectorTold) return;
  const { draw, json } = window.townPlan;
  const STEP = 12; // pixels an arrow key moves a point or the cursor; with Shift, five times as much
  const HANDLES = 80; // points that are shown at once: of a longer outline, those in sight, if so few
  const PATIENCE = 500; // milliseconds that the cursor rests before its place is said
  const words = JSON.parse(block.dataset.words);
  const drawing = block.querySelector("[data-sector-drawing]");
  const box = block.querySelector("[data-sector-plan]");
  const told = block.querySelector("[data-sector-told]");
  const which = block.querySelector("[data-which]");
  const form = block.closest("form");
  const { area, area_file: file } = form.elements;
  const tools = Object.fromEntries([...block.querySelectorAll("[data-do]")].map((one) => [one.dataset.do, one]));
  const live = document.querySelector("[data-live-region]");
  const say = (text) => { if (live) live.textContent = text; };
  const fill = (text, values) => text.replace(/%[nma]/g, (sign) => values[sign[1]]);
  const known = (name) => JSON.parse(told.querySelector("[data-outline]").dataset[name]); // by the server
  const round = ({ lat, lng }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
  const turn = ([longitude, latitude]) => [latitude, longitude];

  let shown = null; // { L, map }
  const outline = window.sectorOutline(known("rings"));
  let handlesShown = [];
  let filled = null;
  let line = null;
  let streets = null; // those that are named, which the server knows
  const ring = () => outline.ring;

  /* What the server read, when a gesture was done there or nothing is half drawn here. */
  function adopt(answer, gesture) {
    if (!outline.open || gesture) {
      if (gesture) outline.keep();
      area.value = answer.area;
      outline.adopt(known("rings"));
    }
    if (shown) show();
  }
  const { tell, later } = window.sectorTold({ block, told, words, say, adopt });

  // --- changes ----------------------------------------------------------------------------------
  function changed() {
    const whole = outline.whole();
    area.value = whole.length ? JSON.stringify({ type: "Polygon", coordinates: whole }) : "";
    show();
    later();
  }

  let asked = 0;
  async function near(point, text, values) {
    const rank = ++asked;
    let place = words.nowhere;
    try {
      const { address } = await json(`${block.dataset.nearest}?lat=${point[1]}&lon=${point[0]}`);
      if (address) place = words.near.replace("%a", address.label);
    } catch {
      // the point is set all the same
    }
    if (rank === asked) say(fill(text, { ...values, a: place }));
  }

  function set(latlng) {
    clearTimeout(stopped); // what is said of the point comes before what is said of the cursor
    const point = round(latlng);
    outline.add(point);
    changed();
    near(point, words.set, { n: outline.chosen + 1 });
  }

  function move(at, latlng) {
    outline.move(at, round(latlng));
    changed();
    near(ring()[at], words.moved, { n: at + 1 });
  }

  function remove(at) {
    if (!outline.remove(at)) return;
    changed();
    say(fill(words.removed, { n: ring().length }));
  }

  const acts = {
    begin() {
      outline.begin();
      changed();
      say(words.begun);
      box.focus();
    },
    close() {
      outline.close();
      changed();
      say(fill(words.closed, { n: ring().length }));
      box.focus();
    },
    undo() {
      if (!outline.undo()) return;
      changed();
      say(words.undone);
    },
    remove: () => remove(outline.chosen),
    whole,
  };

  // --- what is seen -----------------------------------------------------------------------------
  function show() {
    const { L, map } = shown;
    filled?.remove();
    streets?.remove();
    const lines = known("lines").map((one) => one.map(turn));
    streets = L.polyline(lines, { className: "sector-street-line", interactive: false }).addTo(map);
    line?.remove();
    const { rings, current, open } = outline;
    const closed = rings.filter((_one, at) => !(open && at === current)).map((one) => one.map(turn));
    if (closed.length) filled = L.polygon(closed, { className: "sector-area", interactive: false }).addTo(map);
    if (open) line = L.polyline(ring().map(turn), { className: "sector-open", interactive: false }).addTo(map);
    handles();
    which.hidden = rings.length < 2;
    which.querySelector("select").replaceChildren(
      ...rings.map((_one, at) => new Option(fill(words.outline, { n: at + 1 }), at, false, at === current)),
    );
    tools.begin.disabled = false; // the plan is there
    tools.close.disabled = !(open && ring().length > 2);
    tools.undo.disabled = !outline.undoable;
    tools.remove.disabled = outline.chosen < 0;
    tools.whole.disabled = !lines.length && !rings.some((one) => one.length);
  }

  function handles() {
    const { L, map } = shown;
    const active = document.activeElement?.matches?.(".sector-corner");
    handlesShown.forEach((one) => one.remove());
    const { chosen } = outline;
    const sight = map.getBounds().pad(0.1);
    let seen = ring().map((point, at) => ({ point, at }));
    if (seen.length > HANDLES) seen = seen.filter(({ point }) => sight.contains(turn(point)));
    if (seen.length > HANDLES) seen = [];
    handlesShown = seen.map(({ point, at }) => {
      const name = fill(words.point, { n: at + 1, m: ring().length });
      const mark = L.divIcon({ className: `sector-corner${at === chosen ? " is-chosen" : ""}`, iconSize: [28, 28] });
      const marker = L.marker(turn(point), { icon: mark, draggable: true, keyboard: true, title: name, alt: name }).addTo(map);
      const element = marker.getElement();
      element.setAttribute("aria-label", name);
      element.tabIndex = at === chosen || (chosen < 0 && !at) ? 0 : -1;
      marker.on("dragend", () => move(at, marker.getLatLng()));
      marker.on("click", () => {
        if (outline.open && !at && ring().length > 2) acts.close();
        else choose(at);
      });
      element.addEventListener("keydown", (event) => pointKey(event, at, marker));
      if (active && at === chosen) element.focus({ preventScroll: true });
      return marker;
    });
    if (active && !document.activeElement?.matches?.(".sector-corner")) box.focus({ preventScroll: true });
  }

  function choose(at) {
    const point = ring()[at];
    if (!point) return;
    outline.chosen = at;
    if (!shown.map.getBounds().contains(turn(point))) shown.map.panTo(turn(point), { animate: false });
    show();
    block.querySelector(".sector-corner.is-chosen")?.focus({ preventScroll: true });
  }

  function whole() {
    const points = [...outline.rings.flat(), ...known("lines").flat()].map(turn);
    if (points.length) shown.map.fitBounds(points, { paddingTopLeft: [72, 32], paddingBottomRight: [32, 32], maxZoom: 17 });
  }

  // --- the keyboard -----------------------------------------------------------------------------
  function arrow(event) {
    const far = event.shiftKey ? STEP * 5 : STEP;
    return { ArrowUp: [0, -far], ArrowDown: [0, far], ArrowLeft: [-far, 0], ArrowRight: [far, 0] }[event.key];
  }

  function pointKey(event, at, marker) {
    const by = arrow(event);
    const { map } = shown;
    if (by) move(at, map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(by)));
    else if (event.key === "Delete" || event.key === "Backspace") remove(at);
    else if (event.key === "PageDown") choose((at + 1) % ring().length);
    else if (event.key === "PageUp") choose((at + ring().length - 1) % ring().length);
    else if (event.key === "Enter" && outline.open && !at && ring().length > 2) acts.close();
    else if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation(); // or the plan would move too
  }

  function planKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") acts.undo();
    else if (event.target !== box) return;
    else if (arrow(event)) shown.map.panBy(arrow(event), { animate: false });
    else if (event.key === "+" || event.key === "-") shown.map.zoomIn(event.key === "+" ? 1 : -1);
    else if (event.key === "Enter") set(shown.map.getCenter()); // or the form would be sent
    else if (event.key === "Delete" || event.key === "Backspace") remove(outline.chosen);
    else if (event.key === "PageDown") choose(Math.max(outline.chosen, 0));
    else if (event.key === "PageUp") choose(outline.chosen < 0 ? ring().length - 1 : outline.chosen);
    else return;
    event.preventDefault();
  }

  let stopped = 0;
  const cursor = () => {
    clearTimeout(stopped);
    if (document.activeElement !== box || !box.matches(":focus-visible")) return;
    stopped = setTimeout(() => near(round(shown.map.getCenter()), words.cursor, {}), PATIENCE);
  };

  // --- the start --------------------------------------------------------------------------------
  function neighbours() {
    const { L, map } = shown;
    map.createPane("sector-names").style.zIndex = 450; // over the lines, under the points
    JSON.parse(block.dataset.neighbours).forEach((one) => {
      const name = Object.assign(document.createElement("span"), { textContent: one.name });
      const parts = [];
      if (one.rings.length) parts.push(L.polygon(one.rings.map((points) => points.map(turn)), { className: "sector-other", interactive: false }));
      if (one.lines.length) parts.push(L.polyline(one.lines.map((points) => points.map(turn)), { className: "sector-other-line", interactive: false }));
      if (!parts.length) return;
      parts.forEach((part) => part.addTo(map));
      parts[0].bindTooltip(name, { permanent: true, direction: "center", className: "sector-tag", pane: "sector-names" });
    });
  }

  let begun = false;
  async function start() {
    if (begun || !block.closest("details").open) return;
    begun = true;
    drawing.hidden = false;
    try {
      shown = await draw(box, block.dataset, words, { doubleClickZoom: false });
      shown.map.keyboard.disable(); // its arrows glide, and lose what is pressed meanwhile
      box.append(Object.assign(document.createElement("div"), { className: "sector-cross", ariaHidden: "true" }));
      block.querySelector("[data-sector-picture]").hidden = true;
      neighbours();
      shown.map.on("click", (event) => set(event.latlng));
      shown.map.on("moveend", () => { if (ring().length > HANDLES) handles(); cursor(); });
      box.addEventListener("keydown", planKey);
      whole();
      show();
    } catch {
      drawing.hidden = true;
      block.querySelector("[data-sector-picture]").hidden = false;
      say(words.failed);
    }
  }

  Object.entries(tools).forEach(([name, button]) => button.addEventListener("click", acts[name]));
  which.querySelector("select").addEventListener("change", (event) => {
    outline.choose(Number(event.target.value));
    show();
  });
  told.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=geste]");
    if (!button) return;
    event.preventDefault();
    tell(button.value);
  });
  area.addEventListener("input", () => {
    if (outline.open) outline.close(); // what is typed takes the place of what is drawn
    later();
  });
  form.addEventListener("change", (event) => { if (["streets", "prestations", "categories"].includes(event.target.name)) later(); });
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    area.value = await file.files[0].text();
    file.value = "";
    outline.close();
    await tell();
    if (shown) whole();
  });
  block.closest("details").addEventListener("toggle", start);
  start();
})();
