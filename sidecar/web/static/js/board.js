/* The wallboard is drawn by the server, which tells when there is something new; a television asks by itself. */

const SILENCE = 18_000; // milliseconds without a sign of life after which the figures are old

let shownAt = 0;
let lastLook; // to come
let heardAt = Date.now();

// At once, but at most once a second; and once more when it has grown quiet, after the second for which the service
// keeps its figures. The board must not stay behind what has happened last.
export function refreshBoard() {
  clearTimeout(lastLook);
  lastLook = setTimeout(show, 1200);
  if (Date.now() - shownAt > 1000) {
    show();
  }
}

function show() {
  shownAt = Date.now();
  htmx.trigger("#board", "refresh");
}

function board() {
  return document.querySelector("[data-board]");
}

function watch() {
  const shown = board();
  if (!shown) {
    return;
  }
  shown.querySelector("[data-clock]").textContent = clock(new Date());
  const lost = Date.now() - heardAt > SILENCE;
  shown.classList.toggle("old", lost);
  const sign = shown.querySelector(".lost");
  if (lost && sign.hidden) {
    sign.querySelector("[data-lost-at]").textContent = clock(new Date(heardAt));
  }
  sign.hidden = !lost;
  const wait = shown.querySelector("[data-alarm-after]");
  wait?.classList.toggle("alarm", Date.now() / 1000 - wait.dataset.since > wait.dataset.alarmAfter);
}

function clock(at) {
  return at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

function hear() {
  heardAt = Date.now();
}

document.addEventListener("htmx:sseBeforeMessage", hear);

document.addEventListener("htmx:afterRequest", (event) => {
  if (!board() || event.detail.target?.id !== "board") {
    return;
  }
  if (event.detail.successful && version(event.detail.xhr.responseText)) {
    hear();
  } else if (event.detail.xhr.getResponseHeader("X-Board-Revoked")) {
    location.reload(); // to the page that says so
  }
});

// Logs of proxies may have every header, and whoever has the address of a television may look on.
document.addEventListener("htmx:configRequest", (event) => {
  delete event.detail.headers["HX-Current-URL"];
});

function version(html) {
  const node = new DOMParser().parseFromString(html, "text/html").querySelector("[data-version]");
  return node?.dataset.version;
}

// While the service is away a proxy may answer with a page of its own: nobody would be there to take it off a television.
// After an upgrade the page is another one.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "board") {
    return;
  }
  const newer = version(event.detail.serverResponse);
  event.detail.shouldSwap &&= Boolean(newer);
  if (newer && newer !== board().querySelector("[data-version]").dataset.version) {
    location.reload();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-full-screen]")) {
    board().requestFullscreen();
  }
});

setInterval(watch, 1000);
document.addEventListener("DOMContentLoaded", watch);
document.addEventListener("htmx:afterSettle", watch);
