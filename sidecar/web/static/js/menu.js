/* What the menu says of missed calls, on every page. */

export function showCount(count) {
  const badge = document.getElementById("open-missed");
  if (badge) {
    badge.textContent = count;
    badge.hidden = count === "0";
  }
}
