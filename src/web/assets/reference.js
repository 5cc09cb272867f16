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
  // Its link inside a button cannot be reached with a screen reader; the button does the same.
  plugins: [
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
