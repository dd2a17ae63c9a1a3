// Hears the names of what changed and lets the parts of the page that show it ask again: names that come together once,
// and never later for more names that follow.
const TOGETHER = 100;
const FIELDS = "input:not([type=hidden]), select, textarea";
const NOTHING = { names: [] };
const due = new Set();
let opened = NOTHING;

export function startLive() {
  const address = document.body.dataset.live;
  if (!address || !window.EventSource) return;
  const waiting = new Set();
  let timer = 0;
  const source = new EventSource(address);
  source.addEventListener("changed", (event) => {
    waiting.add(event.data);
    timer ||= setTimeout(() => {
      timer = 0;
      refresh(waiting);
      waiting.clear();
    }, TOGETHER);
  });
  addEventListener("pagehide", () => source.close());
  document.addEventListener("htmx:beforeSwap", keepWriting);
  document.addEventListener("htmx:afterSettle", openAgain);
  for (const event of ["change", "focusout"]) document.addEventListener(event, () => setTimeout(askAgain));
}

function refresh(topics) {
  for (const part of document.querySelectorAll("[data-topics]")) {
    if (part.dataset.topics.split(" ").some((topic) => topics.has(topic))) due.add(part);
  }
  askAgain();
}

// Parts in which somebody writes wait until that is sent, undone or left.
function askAgain() {
  for (const part of due) {
    if (part.isConnected && isWrittenIn(shownIn(part))) continue;
    due.delete(part);
    if (part.isConnected) window.htmx?.trigger(part, "changed");
  }
}

// What a part asks for may stand in a piece of it only.
function shownIn(part) {
  const target = part.getAttribute("hx-target");
  return (target?.startsWith("#") && document.querySelector(target)) || part;
}

// A fresher page neither takes away what somebody is writing nor closes what they have opened to read.
function keepWriting(event) {
  const { requestConfig, target } = event.detail;
  const part = requestConfig?.elt;
  if (!part?.dataset.topics) return;
  if (isWrittenIn(target)) {
    event.detail.shouldSwap = false;
    due.add(part);
  } else {
    opened = { where: target, names: [...target.querySelectorAll("details[open]")].map(nameOf).filter(Boolean) };
  }
}

function openAgain() {
  const { where, names } = opened;
  opened = NOTHING;
  if (!names.length) return;
  const shown = (where.id && document.getElementById(where.id)) || where;
  for (const name of names) {
    const found = [...shown.querySelectorAll("details")].filter((each) => nameOf(each) === name);
    if (found.length === 1) found[0].open = true;
  }
}

function nameOf(details) {
  return details.id || details.getAttribute("hx-get") || details.querySelector("summary")?.textContent.trim();
}

function isWrittenIn(part) {
  const at = document.activeElement;
  if (part.contains(at) && at.matches(FIELDS)) return true;
  return Boolean(part.querySelector("dialog[open]")) || [...part.querySelectorAll(FIELDS)].some(isChanged);
}

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.type === "select-one") {
    return field.selectedIndex > 0 ? !field.options[field.selectedIndex].defaultSelected : isChosenAway(field);
  }
  if (field.type === "select-multiple") return [...field.options].some((each) => each.selected !== each.defaultSelected);
  return field.value !== field.defaultValue;
}

// The first option stands where none was sent as chosen.
function isChosenAway(field) {
  return [...field.options].some((each, place) => each.defaultSelected && place !== field.selectedIndex);
}
