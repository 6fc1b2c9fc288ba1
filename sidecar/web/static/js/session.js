/* Who looks on: the browser's time zone, and the way to the sign-in page once a session has ended. */

const EVERY = 30000; // milliseconds between looks whether the one who opened the page is still signed in
let lastLook = 0;

tellTimeZone();
setInterval(() => document.querySelector("[sse-connect]") && lookWhoIsThere(), EVERY);

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

// What a page does by itself is marked: it must not keep anybody signed in.
export const byItself = { "X-Sidecar-By-Itself": "1" };

export function leaveIfSignedOut() {
  if (Date.now() - lastLook >= 5000) {
    lookWhoIsThere();
  }
}

async function lookWhoIsThere() {
  lastLook = Date.now();
  const wall = document.getElementById("board") ? "?topic=numbers" : "";
  const address = `${document.documentElement.dataset.root}/standing${wall}`;
  const answer = await fetch(address, { headers: byItself }).catch(() => null); // nobody there yet: the next look will tell
  const standing = answer?.ok ? await answer.text() : "";
  if (standing === "gone") {
    location.reload();
  } else if (standing === "paused") {
    pause();
  }
}

function pause() {
  if (!document.querySelector("body > [data-paused]")) {
    document.body.append(document.getElementById("sayings").content.querySelector("[data-paused]").cloneNode(true));
    addEventListener("pointerdown", () => location.reload(), { once: true });
    addEventListener("keydown", () => location.reload(), { once: true });
  }
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get" && !event.detail.triggeringEvent?.isTrusted) {
    Object.assign(event.detail.headers, byItself);
  }
});

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401) {
    return;
  }
  if (event.detail.requestConfig.headers["X-Sidecar-By-Itself"]) {
    leaveIfSignedOut(); // it may only have paused
  } else {
    location.reload();
  }
});
