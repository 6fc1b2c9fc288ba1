/* Whoever types or steers by keyboard stays where they are when something is replaced under their hands. */

// `replace` returns what stands there instead. What had the focus inside of the old one has it again in the new one.
export function keepingFocus(old, replace) {
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
