/**
 * `npm run build`: JavaScript, types and data files into dist/, for the published package. Another folder, and options of
 * tsc, can follow.
 */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eventJsonSchema } from "../src/event/event.ts";

const DIST = process.argv[2] ?? "dist";

rmSync(DIST, { recursive: true, force: true });
execFileSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", DIST, ...process.argv.slice(3)],
  { stdio: "inherit" },
);

// Rules, codes, model, style sheets: everything beside the code that is no code.
const data = globSync("{src,workers}/**/*", { withFileTypes: true }).filter(
  (entry) => entry.isFile() && !/\.(ts|mjs)$/.test(entry.name),
);
for (const entry of data) {
  const target = join(DIST, entry.parentPath, entry.name);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(entry.parentPath, entry.name), target);
}

const { name, version, type } = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, string>;
writeFileSync(join(DIST, "package.json"), `${JSON.stringify({ name, version, type }, null, 2)}\n`);
writeFileSync(join(DIST, "event.schema.json"), `${JSON.stringify(eventJsonSchema(), null, 2)}\n`);
console.log(`${globSync(`${DIST}/**/*.js`).length} modules, ${data.length} data files in ${DIST}/`);
