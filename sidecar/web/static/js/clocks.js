/* Running clocks of calls that ring or are talking. */

export function tick() {
  const now = Date.now() / 1000;
  document.querySelectorAll("[data-since]").forEach((clock) => {
    clock.textContent = span(Math.max(0, Math.floor(now - Number(clock.dataset.since))));
  });
}

function span(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

setInterval(tick, 1000);
document.addEventListener("DOMContentLoaded", tick);
document.addEventListener("htmx:afterSettle", tick);
