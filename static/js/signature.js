/* A [data-signature] frame in which whoever collects a document signs, with a finger, a pen or a
   mouse. The strokes go as points into the hidden field beside it. Without this script the frame
   stays away and initials are typed. */
(() => {
  "use strict";
  document.querySelectorAll("[data-signature]").forEach((frame) => {
    const canvas = frame.querySelector("canvas");
    const field = document.getElementById(frame.dataset.signature);
    const pen = canvas.getContext("2d");
    let strokes = [];
    let drawing = false;

    function ink() {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 3;
      pen.lineCap = pen.lineJoin = "round";
      strokes.forEach((stroke) => {
        pen.beginPath();
        stroke.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
        if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
        pen.stroke();
      });
      field.value = strokes.length ? JSON.stringify(strokes) : "";
    }

    function point(event) {
      const box = canvas.getBoundingClientRect();
      const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
      return [
        within(((event.clientX - box.left) / box.width) * canvas.width, canvas.width),
        within(((event.clientY - box.top) / box.height) * canvas.height, canvas.height),
      ];
    }

    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      drawing = true;
      strokes.push([point(event)]);
      ink();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      strokes[strokes.length - 1].push(point(event));
      ink();
    });
    ["pointerup", "pointercancel"].forEach((name) =>
      canvas.addEventListener(name, () => {
        drawing = false;
      }),
    );
    frame.querySelector("[data-signature-clear]").addEventListener("click", () => {
      strokes = [];
      ink();
    });

    try {
      strokes = JSON.parse(field.value || "[]");
    } catch {
      strokes = [];
    }
    frame.hidden = false;
    ink();
  });
})();
