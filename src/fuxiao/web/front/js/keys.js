// Keys: ? for the list of them, g and a letter to go somewhere, / to search, j and k to walk a table, Enter to open, Ctrl and Enter to save.
const FIELDS = "input, select, textarea, [contenteditable]";

export function startKeys() {
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
    const now = Date.now();
    if (going && now - going < 1500) {
      going = 0;
      const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    if (event.key === "g") going = now;
    else if (event.key === "?") document.getElementById("keys")?.showModal();
    else if (event.key === "/") focusSearch(event);
    else if (press(event)) return;
    else if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  });
}

// A page names its own keys: data-press on what is clicked, data-focus on what is written into.
function press(event) {
  const field = document.querySelector(`main [data-focus="${CSS.escape(event.key)}"]`);
  const button = document.querySelector(`main [data-press="${CSS.escape(event.key)}"]`);
  if (!field && !button) return false;
  event.preventDefault();
  if (field) field.focus();
  else button.click();
  return true;
}

// Ctrl or ⌘ and Enter press the button of the form that is written into.
function send(event) {
  const button = event.target.form?.querySelector("[data-enter]");
  if (!button) return;
  event.preventDefault();
  button.click();
}

function focusSearch(event) {
  const field = document.querySelector("main input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
}

function walk(step) {
  const links = [...document.querySelectorAll("main table tbody a[data-row]")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
}
