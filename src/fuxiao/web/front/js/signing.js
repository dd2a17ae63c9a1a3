// A signature with finger, pen or mouse; it goes as a picture in a field of the form. Without it a typed name does.
export function startSigning() {
  prepare();
  document.addEventListener("page:shown", prepare);
}

function prepare() {
  for (const part of document.querySelectorAll("[data-position]")) part.hidden = !navigator.geolocation;
  for (const box of document.querySelectorAll("[data-sign]")) {
    box.hidden = false;
    draw(box, box.querySelector("canvas"), box.closest("form").elements.signature);
  }
}

function draw(box, canvas, field) {
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#10203a" });
  const at = (event) => {
    const place = canvas.getBoundingClientRect();
    const scale = canvas.width / place.width;
    return [(event.clientX - place.left) * scale, (event.clientY - place.top) * scale];
  };
  if (field.value) {
    const drawn = new Image();
    drawn.addEventListener("load", () => pen.drawImage(drawn, 0, 0));
    drawn.src = field.value;
  }
  let down = false;
  canvas.addEventListener("pointerdown", (event) => {
    down = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!down) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    down = false;
    field.value = canvas.toDataURL("image/png");
  });
  box.querySelector("[data-sign-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
}
