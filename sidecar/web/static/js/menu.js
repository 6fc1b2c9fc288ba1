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
