// Copied into the folder of the pages, beside the navigation that site/build.ts writes.
import navigation from "./navigation.json" with { type: "json" };

/** As GitHub makes anchors of headings: the links of the Markdown work in both places. */
const slugify = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\p{Mark} _-]/gu, "")
    .replaceAll(" ", "-");

// oxlint-disable-next-line import/no-default-export -- VitePress reads the default export
export default {
  title: "bounced",
  description: "Self-hosted processor for returned mail",
  base: process.env.DOCS_BASE ?? "/",
  lang: "en",
  metaChunk: true,
  markdown: { anchor: { slugify } },
  // The tsconfig of the checkout is not for the browser.
  vite: { logLevel: "warn", esbuild: { tsconfigRaw: "{}" } },
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Guide", link: "/guide" },
      { text: "Install", link: "/install" },
      { text: "Events", link: "/events" },
      { text: "Something is wrong", link: "/troubleshooting" },
    ],
    sidebar: navigation,
    outline: { level: [2, 3] },
    externalLinkIcon: true,
  },
};
