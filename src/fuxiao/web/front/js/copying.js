// A button with data-copy puts the text of the field it names into the clipboard and says so.
export function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select?.();
    try {
      await navigator.clipboard.writeText(field.value ?? field.textContent);
    } catch {
      return; // without the clipboard the text stays selected, ready for Ctrl C
    }
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.done;
    setTimeout(() => (words.textContent = before), 2000);
  });
}
