/* My calls now, and what the others do. */

import { tick } from "./clocks.js";
import { elementFrom, keepRooms } from "./elements.js";
import { keepingFocus } from "./focus.js";
import { byItself } from "./session.js";

let latest = 0; // of the looks for newer cards

// The cards follow their calls. What somebody works at in a card, and what was looked up for it, stays as it is.
export async function refreshDesk() {
  const desk = document.getElementById("my-calls");
  if (!desk) {
    return;
  }
  const look = ++latest;
  const answer = await fetch(desk.dataset.address, { headers: { "HX-Request": "true", ...byItself } }).catch(() => null);
  if (answer?.ok) {
    const text = await answer.text();
    if (look === latest) {
      placeCards(desk, text);
    }
  }
}

function placeCards(desk, text) {
  const next = desk.cloneNode(false);
  next.innerHTML = text;
  keepRooms(desk, next);
  keepingFocus(desk, () => (desk.replaceWith(next), next));
  htmx.process(next);
  tick();
}

function placeAgent(agent) {
  const old = document.getElementById(agent.id);
  if (old) {
    old.replaceWith(agent);
  } else {
    document.getElementById("agents")?.append(agent);
  }
  tick();
}

export function placeAgentFrom(text) {
  placeAgent(elementFrom(text));
}
