// Dragging a card to another lane does what the card's own menu offers for that lane; for the others it says so.
import { say } from "./toasts.js";

export function startBoard() {
  let held = null;
  document.addEventListener("dragstart", (event) => {
    held = event.target.closest?.(".ticket");
    if (!held) return;
    held.classList.add("held");
    event.dataTransfer.setData("text/plain", held.dataset.case);
    event.dataTransfer.effectAllowed = "move";
    for (const lane of lanes()) lane.classList.toggle("closed", lane !== held.closest(".lane") && !way(held, lane));
  });
  document.addEventListener("dragend", () => {
    held?.classList.remove("held");
    for (const lane of lanes()) lane.classList.remove("over", "closed");
    held = null;
  });
  document.addEventListener("dragover", (event) => {
    const lane = event.target.closest?.(".lane");
    for (const other of document.querySelectorAll(".lane.over")) if (other !== lane) other.classList.remove("over");
    if (!lane || !held || lane === held.closest(".lane")) return;
    event.preventDefault();
    if (way(held, lane)) lane.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const lane = event.target.closest?.(".lane");
    if (!held || !lane || lane === held.closest(".lane")) return;
    event.preventDefault();
    const found = way(held, lane);
    if (found) found.click();
    else refuse(held, lane);
  });
}

function way(card, lane) {
  return card.querySelector(`[data-to="${CSS.escape(lane.dataset.lane)}"]`);
}

function lanes() {
  return [...document.querySelectorAll(".lane")];
}

function title(lane) {
  return lane.querySelector("h2").textContent;
}

function refuse(card, lane) {
  const open = lanes().filter((each) => each !== card.closest(".lane") && way(card, each)).map(title);
  const { refused, fixed } = document.getElementById("board").dataset;
  const facts = { what: card.querySelector("a").textContent, lane: title(lane), lanes: open.join("、") };
  say((open.length ? refused : fixed).replace(/\{(\w+)\}/g, (_, name) => facts[name]));
}
