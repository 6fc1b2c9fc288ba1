/* Missed calls that are ticked, to be closed together; and the dialogs that ask. */

const ticks = () => [...document.querySelectorAll("[data-tick]")];
const ticked = () => ticks().filter((tick) => tick.checked);

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    ticks().forEach((tick) => (tick.checked = event.target.checked));
  }
  showTicked();
});

export function showTicked() {
  const button = document.querySelector("[data-close-ticked]");
  if (button) {
    button.disabled = ticked().length === 0;
  }
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id === "bulk" && !("all" in event.detail.parameters)) {
    event.detail.parameters.entries = ticked().map((tick) => tick.value).join(",");
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "closing") {
    event.target.showModal();
  } else if (event.target.id === "bulk-told") {
    document.getElementById("closing").close();
  }
});

document.addEventListener("click", (event) => {
  const assign = event.target.closest("[data-assign]");
  if (event.target.closest("[data-cancel]")) {
    event.target.closest("dialog").close();
  } else if (assign) {
    askWhom(assign);
  }
});

function askWhom(button) {
  const dialog = document.getElementById("assigning");
  const entry = button.closest(".missed-call");
  dialog.onclose = () => {
    if (dialog.returnValue === "assign") {
      const agent = dialog.querySelector("select").value;
      htmx.ajax("POST", button.dataset.assign, { source: entry, target: entry, swap: "outerHTML", values: { agent } });
    }
  };
  dialog.returnValue = "";
  dialog.showModal();
}
