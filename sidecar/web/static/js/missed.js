/* Missed calls as they change: by oneself, by colleagues, by further calls. */

import { showTicked } from "./bulk.js";
import { showDue } from "./due.js";
import { elementFrom, insertInOrder } from "./elements.js";
import { keepingFocus } from "./focus.js";

// The answer to one's own change goes the same way as what is told of others', whichever of them is first.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.shouldSwap && event.target.matches(".missed-call")) {
    event.detail.shouldSwap = false;
    placeMissed(elementFrom(event.detail.serverResponse), true);
  }
});

// A shown entry stays the element it is and only looks different: requests under way find it again.
export function placeMissed(item, answer = false) {
  const shown = document.getElementById(item.id);
  if (!shown) {
    fileMissed(item);
    htmx.process(item);
  } else if (Number(item.dataset.version) < Number(shown.dataset.version)) {
    carryConflict(item, shown); // a newer state is shown already
  } else {
    keepWhatIsBeingWritten(shown, item, answer);
    if (!answer && shown.dataset.owner === item.dataset.owner && shown.dataset.closed === item.dataset.closed) {
      carryConflict(shown, item);
    }
    keepingFocus(shown, () => changeMissed(shown, item));
    htmx.process(shown);
  }
  showOwnNotes(document.getElementById("missed"));
  showDue();
  showTicked();
}

function changeMissed(shown, item) {
  const before = { ...shown.dataset };
  shown.className = item.className;
  Object.keys(shown.dataset).forEach((name) => name in item.dataset || delete shown.dataset[name]);
  Object.assign(shown.dataset, item.dataset);
  shown.replaceChildren(...item.childNodes);
  if (before.order !== item.dataset.order || before.closed !== item.dataset.closed) {
    shown.remove();
    fileMissed(shown);
  }
  return shown;
}

function fileMissed(item) {
  if (item.dataset.closed === "yes") {
    document.getElementById("closed").prepend(item);
  } else {
    insertInOrder(item, document.getElementById("waiting")); // or it comes with the older ones
  }
}

// What somebody was told of a conflict stays until they act or somebody else has the entry.
function carryConflict(from, to) {
  const told = from.querySelector(".conflict");
  if (told && !to.querySelector(".conflict")) {
    const details = to.querySelector("details");
    details ? details.before(told) : to.querySelector(".facts").append(told);
  }
}

// Somebody types a note while the entry changes: their text stays, unless it was just saved.
function keepWhatIsBeingWritten(shown, item, answer) {
  const field = shown.querySelector("textarea");
  const next = item.querySelector("textarea");
  const saved = answer && field && savedIn(item, field.value.trim());
  if (field && next && !saved) {
    next.value = field.value;
    next.closest("details").open = field.closest("details").open;
  }
  const tick = shown.querySelector("[data-tick]");
  const nextTick = item.querySelector("[data-tick]");
  if (tick && nextTick) {
    nextTick.checked = tick.checked;
  }
}

const savedIn = (item, text) => [...item.querySelectorAll(".note")].some((note) => note.textContent === text);

// Each may delete their own notes.
function showOwnNotes(within) {
  within.querySelectorAll("[data-author]").forEach((button) => {
    button.hidden = button.dataset.author !== document.documentElement.dataset.user;
  });
}

document.addEventListener("htmx:afterSettle", () => showOwnNotes(document));
showOwnNotes(document);
