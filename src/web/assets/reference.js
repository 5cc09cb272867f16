// The API reference: Scalar in the theme of the page around it.
const place = document.getElementById("reference");
const outside = parent.document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (outside.dataset.theme ? outside.dataset.theme === "dark" : dark.matches);
const follow = () => {
  document.body.classList.toggle("dark-mode", isDark());
  document.body.classList.toggle("light-mode", !isDark());
};

globalThis.Scalar.createApiReference(place, {
  url: place.dataset.document,
  layout: "modern",
  darkMode: isDark(),
  hideDarkModeToggle: true,
  hideClientButton: true,
  documentDownloadType: "none",
  showDeveloperTools: "never",
  defaultOpenFirstTag: false,
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: "",
  agent: { disabled: true },
  mcp: { disabled: true },
  hiddenClients: true,
});
follow();
dark.addEventListener("change", follow);
new MutationObserver(follow).observe(outside, { attributeFilter: ["data-theme"] });
