// The command palette: Ctrl K or ⌘ K. The server finds, so that nobody sees what is not theirs.
export function startPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  let shown = null;
  let going = false;
  const links = () => [...dialog.querySelectorAll("a[role=option]")];

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    window.htmx?.trigger(input, "search");
  }

  // Enter before the answer to what was written is there waits for it: the first of an older answer is not meant.
  function go() {
    going = shown !== input.value;
    const marked = links().find((link) => link.getAttribute("aria-selected") === "true");
    if (!going) marked?.click();
  }

  function mark(index) {
    links().forEach((link, at) => {
      link.setAttribute("aria-selected", String(at === index));
      if (at === index) {
        input.setAttribute("aria-activedescendant", link.id);
        link.scrollIntoView({ block: "nearest" });
      }
    });
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) open();
  });
  dialog.addEventListener("htmx:afterSwap", (event) => {
    shown = new URL(event.detail.xhr.responseURL).searchParams.get("q");
    mark(0);
    if (going && shown === input.value) go();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = links();
    const at = all.findIndex((link) => link.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") mark(Math.min(at + 1, all.length - 1));
    else if (event.key === "ArrowUp") mark(Math.max(at - 1, 0));
    else if (event.key === "Enter") go();
    else return;
    event.preventDefault();
  });
}
