/** How the house is built: which room may know which, how big a folder gets. */
import { globSync, readFileSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { expect, test } from "vitest";

/** From the ground up: a room imports from those before it alone. */
const ROOMS = [
  "machine",
  "core",
  "addresses",
  "telemetry",
  "redis",
  "rules",
  "erasure",
  "proof",
  "queues",
  "store",
  "intake",
  "smtp",
  "canary",
  "outputs",
  "policy",
  "sources",
  "config",
  "reading",
  "refusals",
  "client",
  "http",
  "doctor",
  "web",
  "workers",
  "supervisor",
  "cli",
  "index.ts",
];

const SOURCES = globSync("{src,workers}/**/*.ts");
const roomOf = (path: string): string => (path.startsWith("workers/") ? "workers" : (path.split("/")[1] ?? ""));

interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORTS: readonly Import[] = SOURCES.flatMap((path) =>
  [...readFileSync(path, "utf8").matchAll(/\bfrom "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/g)].map(
    ([, fixed, later = fixed]) => ({ from: path, to: normalize(`${dirname(path)}/${later}`) }),
  ),
);

test("every room has a place, and knows only those below it", () => {
  expect(IMPORTS.length).toBeGreaterThan(1000);
  expect(SOURCES.map(roomOf).filter((room) => !ROOMS.includes(room))).toEqual([]);
  const upwards = IMPORTS.filter(({ from, to }) => ROOMS.indexOf(roomOf(to)) > ROOMS.indexOf(roomOf(from)));
  expect(upwards).toEqual([]);
});

test("the core is pure: it imports nothing of ours and nothing of Node.js", () => {
  const wrong = SOURCES.filter((path) => path.startsWith("src/core/")).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\bfrom "(node:[^"]+)"/g)].map(([, name]) => `${path}: ${name}`),
  );
  expect(wrong).toEqual([]);
});

test("no folder has more than twenty files, but the languages, one file each", () => {
  const counts = new Map<string, number>();
  for (const path of globSync("{src,workers}/**/*", { withFileTypes: true }))
    if (path.isFile()) counts.set(path.parentPath, (counts.get(path.parentPath) ?? 0) + 1);
  expect([...counts].filter(([folder, count]) => count > 20 && !folder.endsWith("/languages"))).toEqual([]);
});

/** What programs call by the same name as the service does inside: with its settings read from the environment or given at once. */
const OF_THE_PACKAGE = [
  "ConsumeOptions",
  "classify",
  "consume",
  "createReturnPath",
  "createToken",
  "readReturnPath",
  "verifyReturnPath",
];

test("an exported name has one meaning", () => {
  const places = new Map<string, Set<string>>();
  for (const path of SOURCES)
    for (const [, name = ""] of readFileSync(path, "utf8").matchAll(
      /^export (?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm,
    ))
      places.set(name, (places.get(name) ?? new Set()).add(path));
  expect(places.size).toBeGreaterThan(1000);
  const several = [...places].filter(([, paths]) => paths.size > 1);
  expect(several.map(([name]) => name).sort()).toEqual(OF_THE_PACKAGE);
});
