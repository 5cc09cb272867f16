/** The pages of the site, made of the Markdown of the repository: paths, links, and the navigation from docs/README.md. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

/** Path in the repository -> path on the site. */
export const PAGES: ReadonlyMap<string, string> = new Map([
  ["README.md", "readme.md"],
  ["CONTRIBUTING.md", "contributing.md"],
  ["CHANGELOG.md", "changelog.md"],
  ["docs/README.md", "guide.md"],
  ...globSync("docs/**/*.md")
    .filter((path) => path !== "docs/README.md")
    .toSorted()
    .map((path) => [path, path.slice("docs/".length)] as const),
]);
/** Lists the files of a folder that a page links to. */
const FOLDERS: ReadonlyMap<string, string> = new Map([["docs/decisions", "decisions/index.md"]]);

export const titleOf = (page: string): string => /^# (.+)$/m.exec(readFileSync(page, "utf8"))?.[1] ?? page;

/** What the highlighter of the site colours; code in other languages stays plain. */
const COLOURED = /^(?:sh|yaml|json|jsonc|ts|js|sql|python|php|ruby|go|ini|lua|toml)$/;

export interface SitePage {
  readonly text: string;
  /** Files of the repository that it links to and that are no pages. */
  readonly sources: readonly string[];
}

/** A page as it is on the site: its links lead to pages, to copies of sources, or nowhere if there is only a folder. */
export function sitePageOf(page: string): SitePage {
  const sources: string[] = [];
  const place = dirname(PAGES.get(page) ?? page);
  const link = (whole: string, mark: string, text: string, target: string): string => {
    if (mark === "!" || /^[a-z]+:|^#/.test(target)) return whole;
    const [path = "", anchor] = target.split("#");
    const file = normalize(join(dirname(page), path)).replace(/\/$/, "");
    const other = PAGES.get(file) ?? FOLDERS.get(file);
    if (other !== undefined) {
      const to = relative(place, other);
      // In the repository a link shows the file, on the site its title.
      const shown = /^[\w-]+\.md$/.test(text) && PAGES.has(file) ? titleOf(file) : text;
      return `[${shown}](${to.startsWith(".") ? to : `./${to}`}${anchor ? `#${anchor}` : ""})`;
    }
    if (!existsSync(file) || !statSync(file).isFile()) return text;
    sources.push(file);
    // An absolute address: the page may be opened from any folder of the site.
    return `<a href="${relative(place, sourceOf(file))}" target="_self">${text.replaceAll("`", "")}</a>`;
  };
  // Code stays as it is.
  const parts = readFileSync(page, "utf8").split(/(^ *```[^]*?^ *```$)/m);
  const text = parts
    .map((part, index) =>
      index % 2 === 1
        ? part.replace(/^( *```)(\S+)/, (all, fence, name) => (COLOURED.test(name) ? all : fence))
        : part.replaceAll(/(!?)\[([^\]]+)\]\(([^)\s]+)\)/g, link).replaceAll("](docs/images/", "](images/"),
    )
    .join("");
  return { text, sources };
}

/** Where a copy of a source is on the site; browsers show .txt instead of downloading it. */
export const sourceOf = (file: string): string => `source/${file}.txt`;

interface Group {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: { readonly text: string; readonly link: string }[];
}

/** A group for each heading of docs/README.md, with the pages that it leads to, each once. */
export function navigation(): readonly Group[] {
  const seen = new Set<string>();
  const [, ...sections] = readFileSync("docs/README.md", "utf8").split(/^## /m);
  const groups = sections.map((section): Group => {
    const text = section.split("\n", 1)[0] ?? "";
    const items = [...section.matchAll(/\[([^\]]+)\]\(([^)#\s]+\.md)[^)]*\)/g)].flatMap(
      ([, name = "", target = ""]) => {
        const page = normalize(join("docs", target));
        const link = PAGES.get(page);
        if (link === undefined || seen.has(page)) return [];
        seen.add(page);
        return [{ text: name.endsWith(".md") || name === "The README" ? titleOf(page) : name, link: `/${link}` }];
      },
    );
    return { text, collapsed: false, items };
  });
  const decisions = [...PAGES].filter(([page]) => page.startsWith("docs/decisions/"));
  const rest = decisions.map(([page, link]) => ({ text: titleOf(page), link: `/${link}` }));
  return [...groups.filter(({ items }) => items.length > 0), { text: "Decisions", collapsed: true, items: rest }];
}
