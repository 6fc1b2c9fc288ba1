/* No module: runs where modules cannot. While the service is being upgraded those of a page may not be found, and none
   of them runs then. So the page is loaded again, at last after half a minute; then it stays as it is, without scripts. */
document.addEventListener(
  "error",
  (event) => {
    const retries = Number(sessionStorage.retries ?? 0);
    if (event.target instanceof HTMLScriptElement && event.target.type === "module" && retries < 5) {
      sessionStorage.retries = retries + 1;
      setTimeout(() => location.reload(), 2000 * 2 ** retries);
    }
  },
  true,
);
