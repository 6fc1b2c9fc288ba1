/* Keys: / to the search, arrows through the calls, Enter into one, Escape out of it, ? for this list. */

import { showHelp } from "./help.js";
import { closePanel } from "./menu.js";
import { closeStory } from "./story.js";

document.addEventListener("keydown", (event) => {
  const writing = event.target.matches("input, textarea, select");
  if (document.querySelector("dialog[open]")) {
    return; // it has keys of its own
  }
  if (event.key === "Escape") {
    closePanel() || closeStory();
  } else if (writing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  } else if (event.key === "/") {
    search(event);
  } else if (event.key === "?") {
    showHelp();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    moveTo(event, event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling");
  } else if (event.key === "Enter" && event.target.matches("tr.call")) {
    event.target.querySelector(".who a").click();
  }
});

function search(event) {
  const field = document.getElementById("q");
  if (field) {
    event.preventDefault();
    field.focus();
  }
}

function moveTo(event, direction) {
  const current = document.activeElement?.closest("tr.call");
  const rows = document.querySelectorAll("tr.call");
  const next = current ? current[direction] : rows[0];
  if (next?.matches("tr.call")) {
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}
