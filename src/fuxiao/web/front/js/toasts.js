// Toasts leave after eight seconds; pointing at one or reaching it by keyboard keeps it.
const STAY = 8000;

export function startToasts() {
  const box = document.querySelector(".toasts");
  if (!box) return;
  const watch = (toast) => {
    let timer = setTimeout(() => toast.remove(), STAY);
    for (const event of ["pointerenter", "focusin"]) toast.addEventListener(event, () => clearTimeout(timer));
    for (const event of ["pointerleave", "focusout"]) {
      toast.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(() => toast.remove(), STAY);
      });
    }
  };
  box.querySelectorAll(".toast").forEach(watch);
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach((node) => node.classList?.contains("toast") && watch(node));
  }).observe(box, { childList: true });
  document.addEventListener("htmx:responseError", (event) => tell(box, event.detail.xhr.responseText));
  document.addEventListener("htmx:sendError", () => tell(box, box.dataset.offline));
}

function tell(box, text) {
  say(new DOMParser().parseFromString(text || "", "text/html").body.textContent.trim().slice(0, 300) || box.dataset.failed);
}

// A toast that was not sent by the server.
export function say(text) {
  const box = document.querySelector(".toasts");
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "alert");
  toast.textContent = text;
  box.append(toast);
}
