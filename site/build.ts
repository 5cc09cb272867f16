/** `npm run docs`: the documentation as a static site in site/dist, searchable, dark and light. DOCS_BASE: its path, as /bounced/. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LANDING_PAGE, landingPicture } from "./landing.ts";
import { provideSite } from "./provide.ts";
import { PAGES, navigation, sitePageOf, sourceOf, titleOf } from "./pages.ts";

const SITE = import.meta.dirname;
const FOLDER = join(SITE, "pages");

process.chdir(dirname(SITE));
provideSite();
rmSync(FOLDER, { recursive: true, force: true });
const write = (path: string, text: string): void => {
  mkdirSync(join(FOLDER, path, ".."), { recursive: true });
  writeFileSync(join(FOLDER, path), text);
};
for (const [page, path] of PAGES) {
  const { text, sources } = sitePageOf(page);
  write(path, text);
  for (const file of sources) cpSync(file, join(FOLDER, "public", sourceOf(file)));
}
const decisions = [...PAGES].filter(([page]) => page.startsWith("docs/decisions/"));
const list = decisions.map(([page, path]) => `- [${titleOf(page)}](./${path.slice("decisions/".length)})\n`);
write("decisions/index.md", `# Decisions\n\n${list.join("")}`);
write("index.md", LANDING_PAGE);
cpSync("docs/images", join(FOLDER, "images"), { recursive: true });
cpSync(join(SITE, "vitepress"), join(FOLDER, ".vitepress"), { recursive: true });
write(".vitepress/picture.json", JSON.stringify(await landingPicture()));
write(".vitepress/navigation.json", JSON.stringify(navigation()));

const vitepress = join(SITE, "node_modules/vitepress/bin/vitepress.js");
execFileSync(process.execPath, [vitepress, "build", FOLDER, "--outDir", join(SITE, "dist")], { stdio: "inherit" });
