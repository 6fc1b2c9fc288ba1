/* Elements that come from the server, and their place among others. */

export function elementFrom(text) {
  const template = document.createElement("template");
  template.innerHTML = text.trim();
  return template.content.firstElementChild;
}

// What somebody works at, and what was looked up once, stays when what stands around it is made anew.
export function keepRooms(shown, next) {
  next.querySelectorAll("[data-keep]").forEach((room) => {
    const kept = shown.querySelector(`[data-keep="${room.dataset.keep}"]`);
    if (kept) {
      room.replaceWith(kept);
    }
  });
}

// Largest order first. False where it would come behind the last one and there are older ones to be loaded.
export function insertInOrder(element, list) {
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
