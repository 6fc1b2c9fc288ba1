/* What htmx cannot know: where live rows belong, keys, running clocks, the way back after a lost connection. */
(function () {
  "use strict";

  const html = document.documentElement;
  html.classList.add("scripted");
  const root = html.dataset.root;
  const positions = new Map(); // address of a stream -> the last change that was seen
  let lastLook = 0;
  let storyTurn = 0;
  let boardShown = 0;
  let lastRefresh; // of the board, to come

  // The browser's time zone is told once; then the server shows every time in it.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const told = `sidecar_zone=${zone}`;
  if (zone && zone !== html.dataset.zone && !document.cookie.split("; ").includes(told)) {
    document.cookie = `${told}; path=${root}; max-age=31536000; samesite=lax`;
    location.reload();
  }

  // Live events: after every loss of the connection the stream goes on behind the last change that was seen.
  htmx.createEventSource = function (address) {
    const url = new URL(address, location.href);
    if (positions.has(address)) {
      url.searchParams.set("after", positions.get(address));
    }
    const source = new EventSource(url);
    source.addEventListener("open", () => showLive(true));
    source.addEventListener("error", () => {
      showLive(false);
      if (source.readyState === EventSource.CLOSED) {
        leaveIfSignedOut();
      }
    });
    return source;
  };

  function showLive(on) {
    document.querySelectorAll("[data-live]").forEach((sign) => sign.classList.toggle("on", on));
  }

  function leaveIfSignedOut() {
    if (Date.now() - lastLook < 5000) {
      return;
    }
    lastLook = Date.now();
    fetch(location.href, { headers: { "HX-Request": "true" } })
      .then((answer) => answer.status === 401 && location.reload())
      .catch(() => {}); // nobody there yet: the next attempt will tell
  }

  document.addEventListener("htmx:sseBeforeMessage", (before) => {
    const message = before.detail;
    const stream = before.target.closest("[sse-connect]");
    if (stream && message.lastEventId) {
      positions.set(stream.getAttribute("sse-connect"), message.lastEventId);
    }
    if (before.target.hasAttribute("sse-swap")) {
      before.preventDefault();
      arrivals[message.type]?.(message.data);
    }
  });

  const arrivals = {
    call: (text) => placeCall(elementFrom(text)),
    missed: (text) => placeMissed(elementFrom(text)),
    gone: (id) => document.getElementById(id)?.remove(),
    refresh: refreshBoard,
    count: showCount,
    reload: () => location.reload(),
    bye: () => location.reload(),
  };

  function elementFrom(text) {
    const template = document.createElement("template");
    template.innerHTML = text.trim();
    return template.content.firstElementChild;
  }

  function placeCall(row) {
    const body = document.getElementById("calls");
    const old = document.getElementById(row.id);
    if (!body) {
      return;
    }
    if (old) {
      keepingFocus(old, () => (old.replaceWith(row), row));
    } else if (!insertInOrder(row, body)) {
      return; // older than everything shown: it comes with the older ones
    }
    htmx.process(row);
    tick();
    const story = document.querySelector(`#story [data-call="${row.id}"]`);
    if (story) {
      refreshStory(story);
    }
  }

  // The story that is open follows its call where it stands: whoever types or reads elsewhere is left alone.
  async function refreshStory(story) {
    const turn = ++storyTurn;
    const answer = await fetch(story.dataset.address, { headers: { "HX-Request": "true" } }).catch(() => null);
    const next = answer?.ok ? elementFrom(await answer.text()) : null;
    const shown = document.querySelector("#story [data-call]");
    if (!next || turn !== storyTurn || shown?.dataset.call !== next.dataset.call) {
      return; // a later look is on its way, or another story is open now, or none
    }
    const unfolded = shown.querySelector("details")?.open;
    keepingFocus(shown, () => (shown.replaceWith(next), next));
    next.querySelector("details")?.toggleAttribute("open", Boolean(unfolded));
  }

  // `replace` returns what stands there instead. What had the focus inside of the old one has it again in the new one.
  function keepingFocus(old, replace) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const selection = [focused?.selectionStart, focused?.selectionEnd];
    const wasItself = focused === old;
    const next = replace();
    if (!focused || document.activeElement === focused) {
      return;
    }
    const like = [...next.querySelectorAll("a, button, summary, textarea")].find((each) => isLike(each, focused));
    const instead = next.matches("[tabindex]") ? next : next.querySelector(".tools button, [data-close]");
    const chosen = wasItself ? next : (like ?? instead);
    chosen?.focus({ preventScroll: true });
    if (chosen === like && like?.matches("textarea")) {
      like.setSelectionRange(...selection);
    }
  }

  function isLike(one, other) {
    const named = ["href", "hx-post", "name", "class"];
    return one.tagName === other.tagName && named.every((name) => one.getAttribute(name) === other.getAttribute(name));
  }

  // The answer to one's own change goes the same way as what is told of others', whichever of them is first.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.shouldSwap && event.target.matches(".missed-call")) {
      event.detail.shouldSwap = false;
      placeMissed(elementFrom(event.detail.serverResponse), true);
    }
  });

  // A shown entry stays the element it is and only looks different: requests under way find it again.
  function placeMissed(item, answer = false) {
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

  // Largest order first. False where it would come behind the last one and there are older ones to be loaded.
  function insertInOrder(element, list) {
    const order = Number(element.dataset.order);
    for (const other of list.children) {
      if (!other.dataset.order) {
        return other === list.firstElementChild ? (list.prepend(element), true) : false;
      }
      if (Number(other.dataset.order) < order) {
        element.classList.add("fresh");
        other.before(element);
        return true;
      }
    }
    element.classList.add("fresh");
    list.append(element);
    return true;
  }

  // At once, but at most once a second; and once more when it has grown quiet, after the second for which the service
  // keeps its figures. The board must not stay behind what has happened last.
  function refreshBoard() {
    clearTimeout(lastRefresh);
    lastRefresh = setTimeout(showBoard, 1200);
    if (Date.now() - boardShown > 1000) {
      showBoard();
    }
  }

  function showBoard() {
    boardShown = Date.now();
    htmx.trigger("#board", "refresh");
  }

  function showCount(count) {
    const badge = document.getElementById("open-missed");
    if (badge) {
      badge.textContent = count;
      badge.hidden = count === "0";
    }
    document.title = document.title.replace(/^\(\d+\) /, "");
  }

  // Only what is set stands in the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches(".filters")) {
      const parameters = event.detail.parameters;
      Object.keys(parameters).forEach((name) => parameters[name] === "" && delete parameters[name]);
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) {
      location.reload();
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    tick();
    if (event.target.id === "story") {
      event.target.querySelector("[data-close]")?.focus();
    }
  });

  // Clocks of calls that ring or are talking.
  function tick() {
    const now = Date.now() / 1000;
    document.querySelectorAll("[data-since]").forEach((clock) => {
      clock.textContent = span(Math.max(0, Math.floor(now - Number(clock.dataset.since))));
    });
  }

  function span(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  setInterval(tick, 1000);
  document.addEventListener("DOMContentLoaded", tick);

  // Keys.
  document.addEventListener("keydown", (event) => {
    const writing = event.target.matches("input, textarea, select");
    if (event.key === "Escape") {
      closeStory();
    } else if (writing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "/") {
      const field = document.getElementById("q");
      if (field) {
        event.preventDefault();
        field.focus();
      }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      moveTo(event, event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling");
    } else if (event.key === "Enter" && event.target.matches("tr.call")) {
      event.target.querySelector(".who a").click();
    }
  });

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

  function closeStory() {
    const story = document.getElementById("story");
    const shown = story?.querySelector("[data-call]")?.dataset.call;
    if (shown) {
      story.replaceChildren();
      document.getElementById(shown)?.focus();
    }
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) {
      return;
    }
    if (document.getElementById("story")) {
      closeStory();
    } else {
      history.back();
    }
  });
})();
