// The API reference: Swagger UI in the theme of the pages.
const place = document.getElementById("reference");
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () =>
  root.classList.toggle("dark-mode", root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
follow();
dark.addEventListener("change", follow);
new MutationObserver(follow).observe(root, { attributeFilter: ["data-theme"] });
globalThis.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  defaultModelsExpandDepth: -1,
  docExpansion: "list",
  displayRequestDuration: true,
  validatorUrl: null,
  layout: "ReferenceLayout",
  // Its link inside a button cannot be reached with a screen reader; the button does the same.
  plugins: [
    // Swagger UI's own layout brings a second <main> into the page.
    ({ React }) => ({
      components: {
        ReferenceLayout: ({ getComponent, specSelectors }) => {
          const part = (name) => React.createElement(getComponent(name, true));
          if (!specSelectors.specStr()) return React.createElement("div", { className: "swagger-ui" });
          return React.createElement(
            "div",
            { className: "swagger-ui" },
            React.createElement(getComponent("SvgAssets")),
            part("errors"),
            React.createElement("div", { className: "scheme-container" }, part("AuthorizeBtnContainer")),
            part("operations"),
          );
        },
      },
    }),
    {
      wrapComponents: {
        DeepLink:
          () =>
          ({ text }) =>
            text,
      },
    },
  ],
});
