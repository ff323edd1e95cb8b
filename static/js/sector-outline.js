/* The outlines of a sector as they are being changed: points, which outline is at hand, whether it is
   still open, and what may be undone. It draws nothing (static/js/sector.js does). */
(() => {
  "use strict";
  const UNDONE = 100; // gestures that are kept
  const FEWEST = 3; // points of an outline
  const apart = ([x, y], [x1, y1], [x2, y2]) => { // from a point to a line
    const [across, up] = [x2 - x1, y2 - y1];
    const share = ((x - x1) * across + (y - y1) * up) / (across ** 2 + up ** 2 || 1);
    const along = Math.max(0, Math.min(1, share));
    return Math.hypot(x - x1 - along * across, y - y1 - along * up);
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  window.sectorOutline = (given) => {
    let rings = given;
    let current = 0;
    let open = false;
    let chosen = -1; // the point that the tools speak of
    const past = [];
    const ring = () => rings[current] || [];
    const whole = () => rings.filter((one) => one.length >= FEWEST);
    const nearestLine = (point) => {
      const shrink = Math.cos((point[1] * Math.PI) / 180);
      const flat = ([longitude, latitude]) => [longitude * shrink, latitude];
      const far = ring().map((one, at) => apart(flat(point), flat(one), flat(ring()[(at + 1) % ring().length])));
      return far.indexOf(Math.min(...far));
    };
    const keep = () => {
      past.push(JSON.stringify([rings, current, open, chosen]));
      if (past.length > UNDONE) past.shift();
    };

    return {
      get rings() { return rings; },
      get ring() { return ring(); },
      get current() { return current; },
      get open() { return open; },
      get chosen() { return chosen; },
      set chosen(at) { chosen = at; },
      get undoable() { return past.length > 0; },
      whole,
      keep,

      /* A point at the end of an open outline, else in the line that is nearest. */
      add(point) {
        keep();
        if (!ring().length) {
          if (!rings.length) rings = [[]];
          open = true;
        }
        chosen = open ? ring().length : nearestLine(point) + 1;
        ring().splice(chosen, 0, point);
      },
      move(at, point) {
        keep();
        ring()[at] = point;
        chosen = at;
      },
      /* One that is left with two points is open again; one with none is gone. */
      remove(at) {
        if (!ring()[at]) return false;
        keep();
        ring().splice(at, 1);
        if (ring().length < FEWEST) open = true;
        chosen = Math.min(at, ring().length - 1);
        if (ring().length) return true;
        rings.splice(current, 1);
        current = 0;
        open = false;
        return true;
      },
      begin() {
        keep();
        rings = [...whole(), []];
        current = rings.length - 1;
        open = true;
        chosen = -1;
      },
      close() {
        keep();
        open = false;
      },
      choose(at) {
        const wanted = rings[at];
        rings = whole();
        current = Math.max(rings.indexOf(wanted), 0);
        open = false;
        chosen = -1;
      },
      undo() {
        const before = past.pop();
        if (before) [rings, current, open, chosen] = JSON.parse(before);
        return Boolean(before);
      },
      /* What the server read, perhaps in another order: the outline at hand is found again. */
      adopt(fresh) {
        const at = fresh.findIndex((one) => same(one, ring()));
        rings = fresh;
        if (at >= 0) current = at;
        else current = Math.min(current, Math.max(fresh.length - 1, 0));
        open = false;
        chosen = Math.min(chosen, ring().length - 1);
      },
    };
  };
})();
