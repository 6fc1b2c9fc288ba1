/* Shows notifications where browsers ask for a worker; it fetches nothing and keeps nothing. */

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.address));
});

async function show(address) {
  const [page] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (page) {
    await page.focus();
    await page.navigate(address).catch(() => self.clients.openWindow(address));
  } else {
    await self.clients.openWindow(address);
  }
}
