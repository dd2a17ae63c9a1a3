// The board of visits: a card is dragged, or picked up and put down with buttons; both send the same form.
let picked = null;

export function startVisits() {
  document.addEventListener("dragstart", (event) => pick(event.target.closest?.("[data-pick]")));
  document.addEventListener("dragover", (event) => over(event, true));
  document.addEventListener("dragleave", (event) => over(event, false));
  document.addEventListener("drop", (event) => {
    const slot = event.target.closest?.("[data-slot]");
    if (slot && picked) event.preventDefault(), put(slot);
  });
  document.addEventListener("dragend", () => pick(null));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-pick-up]")) pick(event.target.closest("[data-pick]"), true);
    else if (event.target.closest("[data-put]")) put(event.target.closest("[data-slot]"));
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && pick(null));
  document.addEventListener("htmx:afterSwap", ready);
  ready();
}

function ready() {
  for (const button of document.querySelectorAll("[data-pick-up]")) button.hidden = false;
}

function pick(card, byHand = false) {
  picked?.classList.remove("picked");
  picked = card;
  card?.classList.add("picked");
  for (const button of document.querySelectorAll("[data-put]")) button.hidden = !(card && byHand);
  const told = document.getElementById("picked");
  if (!told) return;
  told.hidden = !(card && byHand);
  told.textContent = card ? told.dataset.words.replace("{what}", card.dataset.name) : "";
  if (card && byHand) document.querySelector("[data-put]")?.focus();
}

function over(event, state) {
  const slot = event.target.closest?.("[data-slot]");
  if (!slot || !picked) return;
  event.preventDefault();
  slot.classList.toggle("over", state);
}

function put(slot) {
  const form = document.getElementById("put").elements;
  for (const name of ["engineer", "start", "end"]) form[name].value = slot.dataset[name];
  for (const name of ["case", "visit", "version"]) form[name].value = picked?.dataset[name] ?? "";
  document.getElementById("put").requestSubmit();
}
