/* Rows of the list of calls as they come in. */

import { tick } from "./clocks.js";
import { insertInOrder } from "./elements.js";
import { keepingFocus } from "./focus.js";
import { refreshStoryOf } from "./story.js";

export function placeCall(row) {
  const body = document.getElementById("calls");
  const old = document.getElementById(row.id);
  if (!body) {
    return;
  }
  if (old) {
    keepingFocus(old, () => (old.replaceWith(row), row));
  } else if (!insertInOrder(row, body)) {
    return; // older than everything shown: it comes with the older ones
  }
  htmx.process(row);
  tick();
  refreshStoryOf(row.id);
}
