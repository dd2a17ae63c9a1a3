// A file can be dropped on its field; what was chosen is named, and the form goes at once.
export function startUploads() {
  for (const drop of document.querySelectorAll(".drop")) {
    const input = drop.querySelector("input[type=file]");
    drop.classList.add("live");
    const send = () => input.files.length && (name(drop, input), input.form.requestSubmit());
    input.addEventListener("change", send);
    for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => over(event, drop, true));
    drop.addEventListener("dragleave", (event) => over(event, drop, false));
    drop.addEventListener("drop", (event) => {
      over(event, drop, false);
      input.files = event.dataTransfer.files;
      send();
    });
  }
}

function over(event, drop, state) {
  event.preventDefault();
  drop.classList.toggle("over", state);
}

function name(drop, input) {
  const shown = drop.querySelector("[data-chosen]");
  if (shown) shown.textContent = input.files[0].name;
}
