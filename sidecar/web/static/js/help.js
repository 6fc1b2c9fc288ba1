/* The list of keys, opened by one of them or by a button. */

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) {
    showHelp();
  }
});

export function showHelp() {
  const help = document.getElementById("help");
  if (help && !help.open) {
    help.showModal();
  }
}
