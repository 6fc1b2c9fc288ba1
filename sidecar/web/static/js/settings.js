/* Forms that a page is loaded anew for: where nobody answers the page stays, with words beside the button. */

import { showFailure, showWaiting } from "./waiting.js";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-then-reload]");
  if (!form) {
    return;
  }
  event.preventDefault();
  const pressed = event.submitter ?? form;
  showWaiting(pressed);
  const sent = { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)), redirect: "manual" };
  const answer = await fetch(form.action, sent).catch(() => null);
  if (answer?.ok || answer?.type === "opaqueredirect") {
    location.reload();
  } else {
    showFailure(pressed, answer && answer.status < 500 ? "refused" : "lost");
  }
});
