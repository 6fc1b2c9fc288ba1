/* The story of a call, beside the list or as a page: opened, kept up to date, closed. */

import { elementFrom } from "./elements.js";
import { keepingFocus } from "./focus.js";

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
  const answer = await fetch(story.dataset.address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const next = answer?.ok ? elementFrom(await answer.text()) : null;
  const shown = document.querySelector("#story [data-call]");
  if (!next || look !== latest || shown?.dataset.call !== next.dataset.call) {
    return; // a later look is on its way, or another story is open now, or none
  }
  const unfolded = shown.querySelector("details")?.open;
  keepingFocus(shown, () => (shown.replaceWith(next), next));
  next.querySelector("details")?.toggleAttribute("open", Boolean(unfolded));
}

export function closeStory() {
  const story = document.getElementById("story");
  const shown = story?.querySelector("[data-call]")?.dataset.call;
  if (shown) {
    story.replaceChildren();
    document.getElementById(shown)?.focus();
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "story") {
    event.target.querySelector("[data-close]")?.focus();
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) {
    return;
  }
  if (document.getElementById("story")) {
    closeStory();
  } else {
    history.back();
  }
});
