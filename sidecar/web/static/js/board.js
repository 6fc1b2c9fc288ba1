/* The wallboard is drawn by the server, which tells when there is something new. */

let shownAt = 0;
let lastLook; // to come

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
