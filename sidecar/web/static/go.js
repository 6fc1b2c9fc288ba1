/* Leads on to that view of Zammad which was chosen there: what it keeps in the browser can be read under its own host. */
const choice = document.querySelector("[data-views]");
let desktop = false;
try {
  desktop = localStorage.getItem("beta-ui-switch") === "true";
} catch {
  // a browser that keeps nothing
}
location.replace(choice.querySelector(desktop ? "[data-desktop]" : "[data-classic]").href);
