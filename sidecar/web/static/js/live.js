/* The page's stream of events: where each of them belongs, and the way back after a lost connection. */

import { refreshBoard } from "./board.js";
import { placeAgentFrom, refreshDesk } from "./desk.js";
import { placeCall } from "./calls.js";
import { elementFrom } from "./elements.js";
import { showCount, showZammadLost } from "./menu.js";
import { placeMissed } from "./missed.js";
import { showRinging } from "./ringing.js";
import { leaveIfSignedOut } from "./session.js";

const positions = new Map(); // address of a stream -> the last change that was seen

const arrivals = {
  call: (text) => placeCall(elementFrom(text)),
  missed: (text) => placeMissed(elementFrom(text)),
  gone: (id) => document.getElementById(id)?.remove(),
  refresh: refreshBoard,
  count: showCount,
  ringing: (text) => showRinging(JSON.parse(text)),
  desk: refreshDesk,
  agent: placeAgentFrom,
  zammad: showZammadLost,
  reload: () => location.reload(),
  bye: () => location.reload(),
};

// After every loss of the connection the stream goes on behind the last change that was seen.
htmx.createEventSource = function (address) {
  const url = new URL(address, location.href);
  if (positions.has(address)) {
    url.searchParams.set("after", positions.get(address));
  }
  const source = new EventSource(url);
  source.addEventListener("open", () => showLive(true));
  source.addEventListener("error", () => {
    showLive(false);
    if (source.readyState === EventSource.CLOSED) {
      leaveIfSignedOut();
    }
  });
  return source;
};

function showLive(on) {
  document.querySelectorAll("[data-live]").forEach((sign) => sign.classList.toggle("on", on));
}

document.addEventListener("htmx:sseBeforeMessage", (before) => {
  const message = before.detail;
  const stream = before.target.closest("[sse-connect]");
  if (stream && message.lastEventId) {
    positions.set(stream.getAttribute("sse-connect"), message.lastEventId);
  }
  if (before.target.hasAttribute("sse-swap")) {
    before.preventDefault();
    arrivals[message.type]?.(message.data);
  }
});
