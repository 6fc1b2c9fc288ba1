/* Copying a number or a title, with a word that it was done. */

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const words = button.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = document.getElementById("sayings").content.querySelector("[data-copied]").textContent;
  setTimeout(() => (button.textContent = words), 1500);
});
