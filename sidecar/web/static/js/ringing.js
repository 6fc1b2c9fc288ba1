/* Calls that ring at my phones: counted in the title of the tab, and told of by the browser and a sound if wanted. */

const title = document.title;
const user = document.documentElement.dataset.user;
const wanted = `sidecar-sound-${user}`; // in this browser, for this person
const shown = new Map(); // calls to what ends their notification
let ringing = [];
let waiting = 0; // of the missed calls

export function showRinging(calls) {
  const known = new Set(ringing.map((call) => call.id));
  ringing = calls;
  showTitle();
  [...shown.keys()].filter((id) => !calls.some((call) => call.id === id)).forEach((id) => shown.get(id)());
  const fresh = calls.filter((call) => call.notify && !known.has(call.id));
  fresh.forEach(notify);
  soundOnceFor(fresh.map((call) => call.id));
}

export function showWaiting(count) {
  waiting = Number(count);
  showTitle();
}

function showTitle() {
  const count = ringing.length + waiting;
  document.title = count ? `(${count}) ${title}` : title;
}

// Of all pages of a browser the one that is first holds the call until it ends, and notifies.
function notify(call) {
  if (!("Notification" in window) || Notification.permission !== "granted" || !navigator.locks) {
    return;
  }
  navigator.locks.request(`sidecar-ring-${call.id}`, { ifAvailable: true }, (lock) => lock && untilItEnds(call));
}

function untilItEnds(call) {
  return new Promise((ended) => {
    const tag = `sidecar-call-${call.id}`;
    const closing = showNotification(call, tag);
    shown.set(call.id, async () => {
      shown.delete(call.id);
      (await closing)?.();
      ended();
    });
  });
}

// What closes it again. Some browsers, above all on phones, notify by a service worker alone.
async function showNotification(call, tag) {
  const address = `${document.documentElement.dataset.root}/calls/${call.id}`;
  const how = { body: call.about, tag, icon: document.querySelector("link[rel~=icon]").href, data: { address } };
  try {
    const notification = new Notification(call.who, how);
    notification.onclick = () => (window.focus(), location.assign(address));
    return () => notification.close();
  } catch {
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(call.who, how);
    return async () => (await worker?.getNotifications({ tag }))?.forEach((notification) => notification.close());
  }
}

// Once for each call, whatever pages are open and opened.
function soundOnceFor(calls) {
  const heard = JSON.parse(localStorage.getItem("sidecar-heard") ?? "[]");
  const unheard = calls.filter((id) => !heard.includes(id));
  if (unheard.length) {
    localStorage.setItem("sidecar-heard", JSON.stringify([...unheard, ...heard].slice(0, 20)));
    sound();
  }
}

function sound() {
  if (localStorage.getItem(wanted) !== "on") {
    return;
  }
  const context = new AudioContext();
  for (const start of [0, 0.25]) {
    const tone = new OscillatorNode(context, { frequency: 660 });
    const volume = new GainNode(context, { gain: 0.15 });
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + start + 0.15);
    tone.onended = () => start && context.close();
  }
}

// The switches for both, beneath one's name: asked for by a button, never by the page itself.
function showChoices() {
  const button = document.querySelector("[data-notify]");
  if (!button) {
    return;
  }
  const state = "Notification" in window && isSecureContext ? Notification.permission : "denied";
  button.closest(".notify").dataset.state = state;
  document.querySelector("[data-sound]").checked = localStorage.getItem(wanted) === "on";
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-notify]")) {
    await Notification.requestPermission();
    showChoices();
    navigator.serviceWorker?.register(`${document.documentElement.dataset.root}/worker.js`).catch(() => {});
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sound]")) {
    localStorage.setItem(wanted, event.target.checked ? "on" : "off");
    sound();
  }
});

const badge = document.getElementById("open-missed");
showWaiting(badge?.hidden ? 0 : badge?.textContent || 0);
showChoices();
