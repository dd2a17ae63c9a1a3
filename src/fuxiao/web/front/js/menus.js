// Menus are details elements: a click elsewhere, or Escape, closes them.
export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault(); // a link goes to the same form as a page, for whoever has no script
      document.getElementById(opener.dataset.dialog)?.showModal();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.matches("dialog")) event.target.close();
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("submit", (event) => {
    // The filters as they are now: fragments changed the address after the form was made.
    if (event.target.matches("form[data-here]")) event.target.elements.query.value = location.search;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-instant]");
    if (form) form.requestSubmit();
  });
}
