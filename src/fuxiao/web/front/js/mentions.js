// A text field with data-mentions (the id of a datalist of "number name") offers colleagues after an @.
const MOST = 6;
let list = null;
let field = null;

export function startMentions() {
  document.addEventListener("input", (event) => {
    const typed = event.target.closest("textarea[data-mentions]");
    if (typed) offer(typed);
  });
  document.addEventListener("keydown", (event) => list && event.target === field && steer(event), true);
  document.addEventListener("focusout", (event) => list && event.target === field && close());
}

// What stands between the last @ and the cursor; nothing where there is none.
function wanted(typed) {
  return /@([^\s@]{0,20})$/.exec(typed.value.slice(0, typed.selectionStart))?.[1];
}

function offer(typed) {
  const text = wanted(typed)?.toLowerCase();
  close();
  if (text === undefined) return;
  const people = [...document.getElementById(typed.dataset.mentions).options].map((each) => each.value);
  const found = people.filter((each) => each.toLowerCase().includes(text)).slice(0, MOST);
  if (found.length) open(typed, found);
}

function open(typed, found) {
  field = typed;
  list = document.createElement("ul");
  list.className = "card mentions";
  list.id = "mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.mentionsLabel);
  found.forEach((value, place) => list.append(option(value, place)));
  field.after(list);
  list.style.top = `${field.offsetTop + field.offsetHeight + 2}px`;
  list.style.left = `${field.offsetLeft}px`;
  field.setAttribute("aria-controls", "mentions");
  choose(0);
}

function option(value, place) {
  const line = document.createElement("li");
  const [number, ...name] = value.split(" ");
  line.id = `mention-${place}`;
  line.setAttribute("role", "option");
  line.dataset.name = name.join(" ");
  line.append(`${line.dataset.name} `, Object.assign(document.createElement("small"), { textContent: number }));
  line.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    write(line.dataset.name);
  });
  return line;
}

function chosen() {
  return list.querySelector("[aria-selected=true]");
}

function choose(place) {
  const lines = [...list.children];
  const next = lines[(place + lines.length) % lines.length];
  chosen()?.removeAttribute("aria-selected");
  next.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", next.id);
}

function steer(event) {
  const place = [...list.children].indexOf(chosen());
  if (event.key === "ArrowDown") choose(place + 1);
  else if (event.key === "ArrowUp") choose(place - 1);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.isComposing) write(chosen().dataset.name);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function write(name) {
  const end = field.selectionStart;
  field.setRangeText(`@${name} `, end - wanted(field).length - 1, end, "end");
  close();
}

function close() {
  list?.remove();
  list = null;
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
}
