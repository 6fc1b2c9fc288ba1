/* Missed calls as they change: by oneself, by colleagues, by further calls. */

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
}

function changeMissed(shown, item) {
  const before = { ...shown.dataset };
  shown.className = item.className;
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

// Somebody types a note while the entry changes: their text stays. So does the state they saw, for a conflict to be
// told when they save; unless the answer to what they did has shown them the note as it is.
function keepWhatIsBeingWritten(shown, item, answer) {
  const field = shown.querySelector("textarea");
  const next = item.querySelector("textarea");
  if (field && next && field.closest("details").open) {
    next.closest("details").open = true;
  }
  if (!field || [field.dataset.saved, item.dataset.note].includes(field.value.trim())) {
    return;
  }
  if (!next) {
    item.querySelector(".facts").append(field.closest("details")); // closed meanwhile
    return;
  }
  const seen = answer && (next.value !== item.dataset.note || field.dataset.saved === item.dataset.note);
  if (!seen) {
    next.form.elements.version.value = field.form.elements.version.value;
    next.dataset.saved = field.dataset.saved;
  }
  next.value = field.value;
}
