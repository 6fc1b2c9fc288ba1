/* What the menu says of missed calls, on every page. */

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
