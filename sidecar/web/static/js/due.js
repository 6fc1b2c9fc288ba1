/* Until when a missed call wants to be called back: yellow from half of the time, red after it. */

const MINUTE = 60;

export function showDue() {
  const now = Date.now() / 1000;
  document.querySelectorAll("[data-due]").forEach((entry) => {
    const left = Number(entry.dataset.due) - now;
    entry.classList.toggle("due-soon", left > 0 && now >= Number(entry.dataset.dueSoon));
    entry.classList.toggle("overdue", left <= 0);
    const words = entry.querySelector("[data-due-words]");
    if (words) {
      words.textContent = said(left > 0 ? "due-in" : "due-since", Math.abs(left));
    }
  });
}

function said(kind, seconds) {
  const saying = document.getElementById("sayings").content.querySelector(`[data-${kind}]`).textContent;
  return saying.replace("…", inUnits(seconds));
}

// 5 min, 2 h, 3 d: what a browser says of a unit in the language of the page.
function inUnits(seconds) {
  const [unit, length] = seconds < 90 * MINUTE ? ["minute", 60] : seconds < 172800 ? ["hour", 3600] : ["day", 86400];
  const format = { style: "unit", unit, unitDisplay: "short" };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(Math.max(1, Math.round(seconds / length)));
}

setInterval(showDue, 10000);
document.addEventListener("DOMContentLoaded", showDue);
document.addEventListener("htmx:afterSettle", showDue);
