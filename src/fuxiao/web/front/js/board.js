// Dragging a card to another lane does what the card's own menu offers for that lane, and nothing else.
export function startBoard() {
  let held = null;
  document.addEventListener("dragstart", (event) => {
    held = event.target.closest?.(".ticket");
    if (!held) return;
    held.classList.add("held");
    event.dataTransfer.setData("text/plain", held.dataset.case);
    event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragend", () => {
    held?.classList.remove("held");
    for (const lane of document.querySelectorAll(".lane.over")) lane.classList.remove("over");
    held = null;
  });
  document.addEventListener("dragover", (event) => {
    const lane = event.target.closest?.(".lane");
    for (const other of document.querySelectorAll(".lane.over")) if (other !== lane) other.classList.remove("over");
    if (!lane || !held || !way(held, lane)) return;
    event.preventDefault();
    lane.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const lane = event.target.closest?.(".lane");
    const found = held && lane && way(held, lane);
    if (!found) return;
    event.preventDefault();
    found.click();
  });
}

function way(card, lane) {
  return card.querySelector(`[data-to="${CSS.escape(lane.dataset.lane)}"]`);
}
