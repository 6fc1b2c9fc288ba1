/* The story of a call, beside the list or as a page: opened, kept up to date, closed. It stands in the address. */

import { elementFrom, keepRooms } from "./elements.js";
import { tick } from "./clocks.js";
import { keepingFocus } from "./focus.js";
import { byItself } from "./session.js";

let latest = 0; // of the looks for a newer story

// The story that is open follows its call where it stands: whoever types or reads elsewhere is left alone.
export function refreshStoryOf(call) {
  const story = document.querySelector(`#story [data-call="${call}"]`);
  if (story) {
    refresh(story);
  }
}

async function refresh(story) {
  const look = ++latest;
  const answer = await fetch(story.dataset.address, { headers: { "HX-Request": "true", ...byItself } }).catch(() => null);
  const next = answer?.ok ? elementFrom(await answer.text()) : null;
  const shown = document.querySelector("#story [data-call]");
  if (!next || look !== latest || shown?.dataset.call !== next.dataset.call) {
    return; // a later look is on its way, or another story is open now, or none
  }
  const unfolded = shown.querySelector("details")?.open;
  keepRooms(shown, next);
  keepingFocus(shown, () => (shown.replaceWith(next), next));
  next.querySelector("details")?.toggleAttribute("open", Boolean(unfolded));
  htmx.process(next);
  tick();
}

// The way back leads to the list as it was: so does the browser's own, on phones the only one there is.
export function closeStory() {
  if (!document.querySelector("#story [data-call]")) {
    return;
  }
  if (history.state?.story) {
    history.back();
  } else {
    takeAway();
  }
}

function takeAway() {
  const story = document.getElementById("story");
  const shown = story?.querySelector("[data-call]")?.dataset.call;
  if (shown) {
    story.replaceChildren();
    document.getElementById(shown)?.focus();
  }
}

// One story is one step in the history, whichever is opened after another.
function noteAddress(story) {
  const address = story.dataset.address;
  if (history.state?.story) {
    history.replaceState({ story: address }, "", address);
  } else if (location.pathname !== address) {
    history.pushState({ story: address }, "", address);
  }
}

// Before htmx, which would load the list anew.
addEventListener("popstate", (event) => {
  if (!document.getElementById("story")) {
    return;
  }
  if (event.state?.story) {
    event.stopImmediatePropagation();
    htmx.ajax("GET", event.state.story, { target: "#story", swap: "innerHTML" });
  } else if (document.querySelector("#story [data-call]")) {
    event.stopImmediatePropagation();
    takeAway();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const story = event.target.id === "story" && event.target.querySelector("[data-call]");
  if (story) {
    noteAddress(story);
    story.querySelector("[data-close]").focus();
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) {
    return;
  }
  if (document.getElementById("story")) {
    closeStory();
  } else if (history.length > 1) {
    history.back();
  } else {
    location.assign(`${document.documentElement.dataset.root}/`);
  }
});
