/* What was pressed shows at once that it is being worked on; after a failure words stand beside it. */

const AFTER = 200; // milliseconds without an answer until the sign is shown

export function showWaiting(pressed) {
  pressed.querySelector(":scope > .failure")?.remove();
  forgetFailure(pressed);
  pressed.showWaiting = setTimeout(() => pressed.classList.add("waits"), AFTER);
}

export function showAnswered(pressed) {
  clearTimeout(pressed.showWaiting);
  pressed.classList.remove("waits");
}

// `kind`: a saying of the page, "lost" where nobody answered, "refused" where the service did not do it.
export function showFailure(pressed, kind) {
  const said = document.getElementById("sayings").content.querySelector(`[data-failure="${kind}"]`).cloneNode(true);
  showAnswered(pressed);
  forgetFailure(pressed);
  besideWhat(pressed).after(said);
}

function forgetFailure(pressed) {
  const after = besideWhat(pressed).nextElementSibling;
  if (after?.matches("[data-failure]")) {
    after.remove();
  }
}

// A row, or what stands in a line of tools, has no room for words.
function besideWhat(pressed) {
  return pressed.closest(".tools") ?? pressed.closest("form") ?? (pressed.closest("table") || pressed);
}

// What htmx asks for.
const pressedFor = (event) => event.detail.requestConfig?.triggeringEvent?.submitter ?? event.detail.elt;

document.addEventListener("htmx:beforeRequest", (event) => showWaiting(pressedFor(event)));
document.addEventListener("htmx:afterRequest", (event) => showAnswered(pressedFor(event)));
document.addEventListener("htmx:sendError", (event) => showFailure(pressedFor(event), "lost"));
document.addEventListener("htmx:timeout", (event) => showFailure(pressedFor(event), "lost"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401) {
    showFailure(pressedFor(event), event.detail.xhr.status >= 500 ? "lost" : "refused");
  }
});

// What the browser asks for by itself: the next page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (!link || elsewhere || event.defaultPrevented || link.hasAttribute("hx-get") || link.hasAttribute("download")) {
    return;
  }
  if (link.origin === location.origin && link.hash === "" && link.target === "") {
    showWaiting(link);
  }
});

addEventListener("pageshow", () => document.querySelectorAll(".waits").forEach(showAnswered));
