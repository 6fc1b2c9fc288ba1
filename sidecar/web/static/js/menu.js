/* What the menu says of missed calls and of Zammad, on every page; and the panel beneath one's name. */

import { showWaiting } from "./ringing.js";

export function showCount(count) {
  showWaiting(count);
  const badge = document.getElementById("open-missed");
  if (badge) {
    badge.textContent = count;
    badge.hidden = count === "0";
  }
}

// Since when Zammad has not answered, seconds since 1970; nothing when it does again.
export function showZammadLost(since) {
  const line = document.getElementById("zammad-lost");
  if (line) {
    line.hidden = !since;
    line.querySelector("b").textContent = new Date(Number(since) * 1000).toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
    });
  }
}

// Whether it was open; the focus goes back to one's name.
export function closePanel() {
  const panel = document.querySelector(".person details[open]");
  panel?.removeAttribute("open");
  panel?.querySelector("summary").focus();
  return Boolean(panel);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest(".person details")) {
    document.querySelector(".person details[open]")?.removeAttribute("open");
  }
});
