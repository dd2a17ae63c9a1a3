// Clocks that run in the browser: working seconds left, in the spans in which time counts. The server's word for now
// starts them, so that a machine with a wrong clock shows the same.
export function startClocks() {
  let begun = 0;
  let loaded = 0;
  const tick = () => {
    const box = document.querySelector("[data-now]");
    if (!box) return;
    if (Number(box.dataset.now) !== begun) {
      begun = Number(box.dataset.now);
      loaded = performance.now();
    }
    const now = begun + (performance.now() - loaded) / 1000;
    for (const clock of box.querySelectorAll("[data-left]")) show(clock, begun, now);
  };
  setInterval(tick, 1000);
  tick();
}

function show(clock, begun, now) {
  let left = Number(clock.dataset.left);
  for (const span of clock.dataset.spans.split(" ").filter(Boolean)) {
    const [low, high] = span.split("-").map(Number);
    left -= Math.max(0, Math.min(high, now) - Math.max(low, begun));
  }
  const whole = Math.floor(left);
  clock.textContent = words(whole);
  const said = clock.previousElementSibling;
  said.textContent = whole < 0 ? said.dataset.lateWord : said.dataset.leftWord;
  const card = clock.closest(".clock-card");
  if (clock.dataset.spans && card) {
    card.classList.toggle("bad", whole < 0);
    card.classList.toggle("near", whole >= 0 && whole < Number(clock.dataset.warn));
  }
}

function words(seconds) {
  const all = Math.abs(seconds);
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(all / 3600)}:${two(Math.floor((all % 3600) / 60))}:${two(all % 60)}`;
}
