/* A note that is being written survives a reload: it is kept in the browser until it is saved or dropped. */

const place = (call) => `note-of-${call}`;

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form.call-note");
  if (form) {
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf");
    localStorage.setItem(place(form.dataset.draft), JSON.stringify(fields));
  }
});

document.addEventListener("click", (event) => {
  const drop = event.target.closest?.("[data-drop-draft]");
  if (drop) {
    localStorage.removeItem(place(drop.dataset.dropDraft));
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const room = event.target;
  room.querySelectorAll?.("[data-written]").forEach((saved) => localStorage.removeItem(place(saved.dataset.written)));
  room.querySelectorAll?.("[data-note-of]").forEach((link) => {
    if (localStorage.getItem(place(link.dataset.noteOf))) {
      link.click();
    }
  });
  room.querySelectorAll?.("form.call-note").forEach(fillIn);
});

function fillIn(form) {
  const fields = JSON.parse(localStorage.getItem(place(form.dataset.draft)) ?? "[]");
  const refused = form.querySelector(".conflict"); // the server has just answered with what was sent
  for (const [name, value] of refused ? [] : fields) {
    const field = form.elements[name];
    if (field?.type === "checkbox") {
      field.checked = true;
    } else if (field && (field.tagName !== "SELECT" || [...field.options].some((each) => each.value === value))) {
      field.value = value;
    }
  }
}
