/* The plan of the town: the streets of the register drawn by Leaflet, over the tiles of a map
   server when the town has named one. Two uses here:
   [data-plan] inside [data-address]: a pin, by touch, mouse or keyboard, that answers « où ? »; it
   starts at the address typed;
   [data-points="url"]: the reports of the public list, each a link also found in the list.
   Nothing depends on it: when something fails, a sentence says that typing is enough. */
(() => {
  "use strict";
  const STEP = 12; // pixels an arrow key moves the pin; with Shift, five times as much
  const NAMES_FROM = 14; // zoom from which the streets have their names, where there is room
  const LETTER = 7, NAME_HEIGHT = 18; // pixels a name takes
  const live = document.querySelector("[data-live-region]");
  const say = (text) => { if (live) live.textContent = text; };
  const alarm = document.querySelector("[data-alert-region]");
  const warn = (text) => { if (alarm) alarm.textContent = text; };
  let library = null;

  function load(data) {
    library ||= new Promise((resolve, reject) => {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = data.libraryStyle;
      const script = document.createElement("script");
      script.src = data.library;
      script.onload = () => resolve(window.L);
      script.onerror = reject;
      document.head.append(style, script);
    });
    library.catch(() => { library = null; }); // the next press tries again
    return library;
  }

  const json = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  async function draw(box, data, words, options = {}) {
    const [L, plan] = await Promise.all([load(data), json(data.streets)]);
    const map = L.map(box, { zoomControl: false, attributionControl: Boolean(data.tiles), maxZoom: 19, minZoom: 12, zoomSnap: data.tiles ? 1 : 0.25, ...options });
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    if (data.tiles) L.tileLayer(data.tiles, { attribution: data.attribution, maxZoom: 19 }).addTo(map);
    map.getPane("overlayPane").setAttribute("aria-hidden", "true"); // lines, whose names are beside
    const turn = ([longitude, latitude]) => [latitude, longitude];
    const names = L.layerGroup().addTo(map);
    const tags = [];
    const bounds = L.latLngBounds([]);
    plan.streets.forEach((street) => {
      bounds.extend(turn(street.place));
      if (street.line.length > 1) {
        const line = street.line.map(turn);
        bounds.extend(line);
        L.polyline(line, { className: "plan-street", interactive: false }).addTo(map);
      } else {
        L.circleMarker(turn(street.place), { radius: 4, className: "plan-street plan-locality", interactive: false }).addTo(map);
      }
      const ends = L.latLngBounds(street.line.map(turn));
      tags.push({
        place: turn(street.place),
        length: ends.isValid() ? map.distance(ends.getSouthWest(), ends.getNorthEast()) : 0,
        width: street.name.length * LETTER,
        tag: L.tooltip({ permanent: true, direction: "center", className: "plan-name" })
          .setLatLng(turn(street.place))
          .setContent(Object.assign(document.createElement("span"), { textContent: street.name })),
      });
    });
    tags.sort((one, other) => other.length - one.length); // the longest streets are named first
    const showNames = () => {
      names.clearLayers();
      if (map.getZoom() < NAMES_FROM) return;
      const taken = [];
      tags.forEach(({ place, width, tag }) => {
        const { x, y } = map.project(place);
        const free = taken.every((one) => Math.abs(one.x - x) * 2 >= one.width + width || Math.abs(one.y - y) >= NAME_HEIGHT);
        if (!free) return;
        taken.push({ x, y, width });
        tag.addTo(names);
      });
    };
    map.on("zoomend", showNames);
    if (!plan.streets.length) throw new Error("empty plan");
    map.fitBounds(bounds, { padding: [12, 12] });
    return { L, map };
  }

  function icon(L) {
    return L.divIcon({ className: "plan-pin", iconSize: [28, 36], iconAnchor: [14, 36] });
  }

  // --- a pin for an address field ---------------------------------------------------------------
  function addressPlan(holder) {
    const block = holder.closest("[data-address]");
    const words = JSON.parse(block.dataset.words);
    const part = (name) => block.querySelector(`[name$="_${name}"]`);
    const position = part("position");
    const opener = button(words.open, "btn btn-secondary");
    const remove = button(words.remove, "btn btn-link");
    const box = document.createElement("div");
    const help = document.createElement("p");
    help.className = "field-help";
    help.textContent = words.help;
    box.className = "plan";
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", words.plan);
    [box, help, remove].forEach((one) => { one.hidden = true; });
    opener.setAttribute("aria-expanded", "false");
    holder.append(opener, help, box, remove);
    holder.hidden = false;
    let shown = null;
    let marker = null;

    function put(point, { byHand }) {
      const { L, map } = shown;
      if (!marker) {
        marker = L.marker(point, { icon: icon(L), draggable: true, keyboard: true, title: words.pin, alt: words.pin }).addTo(map);
        marker.on("dragend", () => placed(marker.getLatLng()));
        marker.getElement().addEventListener("keydown", move);
      }
      marker.setLatLng(point);
      if (!map.getBounds().contains(point)) map.panTo(point, { animate: false });
      remove.hidden = false;
      if (byHand) placed(marker.getLatLng());
    }

    function move(event) {
      const far = event.shiftKey ? STEP * 5 : STEP;
      const by = { ArrowUp: [0, -far], ArrowDown: [0, far], ArrowLeft: [-far, 0], ArrowRight: [far, 0] }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation(); // or the plan would move too
      const { map } = shown;
      put(map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(by)), { byHand: true });
    }

    /* Enter on the plan itself drops the pin at its middle: the arrows then move the pin. */
    function drop(event) {
      if (event.key !== "Enter" || event.target !== event.currentTarget) return;
      event.preventDefault(); // or the form would be sent
      put(shown.map.getCenter(), { byHand: true });
      marker.getElement().focus();
    }

    let asked = 0;
    async function placed(point) {
      const rank = ++asked;
      position.value = `${point.lat.toFixed(6)},${point.lng.toFixed(6)}`;
      position.dispatchEvent(new Event("change", { bubbles: true }));
      try {
        const { address } = await json(`${holder.dataset.nearest}?lat=${point.lat}&lon=${point.lng}`);
        if (rank !== asked) return;
        if (!address) { say(words.placed); return; }
        part("voie").value = address.street;
        if (part("numero")) part("numero").value = address.number;
        position.dispatchEvent(new Event("change", { bubbles: true }));
        say(words.near.replace("%a", address.label));
      } catch {
        say(words.placed);
      }
    }

    /* The pin goes where the typed address is, when the register knows it. */
    async function showTyped() {
      const typed = [part("numero")?.value, part("voie").value].filter(Boolean).join(" ").trim();
      if (!typed) return;
      const { suggestions } = await json(`${block.dataset.suggestions}?q=${encodeURIComponent(typed)}`);
      const known = suggestions.find((one) => one.latitude !== null);
      if (!known || position.value) return;
      show([known.latitude, known.longitude]);
    }

    function show(point) {
      put(point, { byHand: false });
      shown.map.setView(point, 17);
    }

    function forget() {
      position.value = "";
      if (marker) marker.remove();
      marker = null;
      remove.hidden = true;
    }

    opener.addEventListener("click", async () => {
      const open = opener.getAttribute("aria-expanded") === "true";
      opener.setAttribute("aria-expanded", String(!open));
      opener.textContent = open ? words.open : words.close;
      box.hidden = help.hidden = open;
      if (open || shown) return;
      try {
        shown = await draw(box, holder.dataset, words);
        shown.map.on("click", (event) => put(event.latlng, { byHand: true }));
        shown.map.getContainer().addEventListener("keydown", drop);
        const pinned = position.value.split(",").map(Number);
        if (pinned.length === 2) show(pinned);
        else await showTyped();
      } catch {
        box.remove();
        help.textContent = words.outside;
        warn(words.outside);
        opener.hidden = true;
      }
    });
    remove.addEventListener("click", () => { forget(); say(""); opener.focus(); });
    block.addEventListener("address-chosen", ({ detail }) => {
      forget();
      if (shown && detail.latitude !== null) show([detail.latitude, detail.longitude]);
    });
    ["voie", "numero"].forEach((name) => {
      part(name)?.addEventListener("input", forget);
      part(name)?.addEventListener("change", () => { if (shown && !position.value) showTyped().catch(() => {}); });
    });
  }

  function button(text, className) {
    const one = document.createElement("button");
    one.type = "button";
    one.className = className;
    one.textContent = text;
    return one;
  }

  // --- the public list's points -----------------------------------------------------------------
  async function reportsPlan(holder) {
    const words = JSON.parse(holder.dataset.words);
    try {
      const [{ L, map }, points] = await Promise.all([draw(holder, holder.dataset, words), json(holder.dataset.points)]);
      points.reports.forEach((report) => {
        const link = document.createElement("a");
        link.href = report.url;
        link.textContent = report.title;
        const state = document.createElement("span");
        state.textContent = report.state;
        const card = document.createElement("p");
        card.className = "plan-card";
        card.append(link, state);
        const mark = L.divIcon({ className: `plan-report is-${report.stage}`, iconSize: [20, 20] });
        L.marker([report.latitude, report.longitude], { icon: mark, keyboard: false }).bindPopup(card).addTo(map);
      });
      const places = points.reports.map((report) => [report.latitude, report.longitude]);
      if (places.length) map.fitBounds(places, { padding: [24, 24], maxZoom: 16 });
    } catch {
      document.querySelector("[data-plan-legend]")?.remove();
      holder.textContent = holder.dataset.failed;
      warn(holder.dataset.failed);
      holder.classList.add("plan-failed");
    }
  }

  window.townPlan = { draw, json }; // a sector is drawn on it too (static/js/sector.js)
  document.querySelectorAll("[data-plan]").forEach(addressPlan);
  document.querySelectorAll("[data-points]").forEach(reportsPlan);
})();
