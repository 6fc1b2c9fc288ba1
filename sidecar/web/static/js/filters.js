/* The search form of the calls: only what is set stands in the address. */

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.matches(".filters")) {
    const parameters = event.detail.parameters;
    Object.keys(parameters).forEach((name) => parameters[name] === "" && delete parameters[name]);
  }
});
