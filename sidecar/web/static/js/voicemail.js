// A message that cannot be played is said so beside its player: browsers only grey it out.

document.addEventListener(
  "error",
  (event) => {
    const room = event.target.closest?.(".voicemail");
    if (room) room.querySelector(".unplayed").hidden = false;
  },
  true, // it does not bubble
);
