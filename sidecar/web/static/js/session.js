/* Who looks on: the browser's time zone, and the way to the sign-in page once a session has ended. */

let lastLook = 0;

tellTimeZone();

// It is told once; then the server shows every time in it.
function tellTimeZone() {
  const { root, zone: known } = document.documentElement.dataset;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const told = `sidecar_zone=${zone}`;
  if (zone && zone !== known && !document.cookie.split("; ").includes(told)) {
    document.cookie = `${told}; path=${root}; max-age=31536000; samesite=lax`;
    location.reload();
  }
}

export function leaveIfSignedOut() {
  if (Date.now() - lastLook < 5000) {
    return;
  }
  lastLook = Date.now();
  fetch(location.href, { headers: { "HX-Request": "true" } })
    .then((answer) => answer.status === 401 && location.reload())
    .catch(() => {}); // nobody there yet: the next attempt will tell
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) {
    location.reload();
  }
});
