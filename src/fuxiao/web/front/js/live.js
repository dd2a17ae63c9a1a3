// Hears the names of what changed and lets the parts of the page that show it ask again: names that come together once,
// and never later for more names that follow.
const TOGETHER = 100;

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
}

function refresh(topics) {
  for (const part of document.querySelectorAll("[data-topics]")) {
    const asked = part.dataset.topics.split(" ").some((topic) => topics.has(topic));
    if (asked && !isWrittenIn(part)) window.htmx?.trigger(part, "changed");
  }
}

// What somebody is writing is not taken away by a fresher page.
function isWrittenIn(part) {
  return [...part.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
}
