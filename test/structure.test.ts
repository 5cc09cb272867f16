/** How the house is built: which room may know which, how big a folder gets. */
import { globSync, readFileSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { expect, test } from "vitest";

/** From the ground up: a room imports from those before it alone. */
const ROOMS = [
  "machine",
  "addresses",
  "event",
  "return-path",
  "vendors",
  "explanations",
  "dictionary",
  "core",
  "telemetry",
  "redis",
  "rules",
  "erasure",
  "proof",
  "queues",
  "tallies",
  "store",
  "intake",
  "smtp",
  "canary",
  "outputs",
  "sync",
  "policy",
  "oidc",
  "masking",
  "sources",
  "follow",
  "provider-webhooks",
  "config",
  "reading",
  "refusals",
  "client",
  "mcp",
  "http",
  "doctor",
  "web",
  "workers",
  "supervisor",
  "demo",
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

/** A folder of a room, or a file that stands beside the folders. */
const placeIn = (room: string, path: string): string | undefined =>
  path.startsWith(`src/${room}/`) ? path.split("/")[2] : undefined;

test.each(["core", "store", "http", "web", "cli", "queues"])(
  "what is in %s knows each other in one direction",
  (room) => {
    const known = new Map<string, Set<string>>();
    for (const { from, to } of IMPORTS) {
      const [place, other] = [placeIn(room, from), placeIn(room, to)];
      if (place && other && place !== other) known.set(place, (known.get(place) ?? new Set()).add(other));
    }
    const reachedFrom = (place: string, reached = new Set<string>()): ReadonlySet<string> => {
      for (const next of known.get(place) ?? []) if (!reached.has(next)) reachedFrom(next, reached.add(next));
      return reached;
    };
    expect(known.size).toBeGreaterThan(2);
    expect([...known.keys()].filter((place) => reachedFrom(place).has(place))).toEqual([]);
  },
);

/** They read, and do nothing else. */
const PURE = SOURCES.filter((path) =>
  ["event", "return-path", "vendors", "explanations", "dictionary", "core"].includes(roomOf(path)),
);

test("nobody reaches past the face of the core", () => {
  const past = IMPORTS.filter(
    ({ from, to }) => to.startsWith("src/core/") && to !== "src/core/index.ts" && roomOf(from) !== "core",
  );
  expect(past).toEqual([]);
});

test("the core and what it rests on is pure: it imports nothing of Node.js", () => {
  expect(PURE.length).toBeGreaterThan(150);
  const wrong = PURE.flatMap((path) =>
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

/** Files that import something, without those of its own room. */
const importersOf = (name: string): readonly string[] =>
  SOURCES.filter((path) => new RegExp(`(?:from|import\\()\\s*"${name}"`).test(readFileSync(path, "utf8")));
const thatSay = (pattern: RegExp): readonly string[] =>
  SOURCES.filter((path) => pattern.test(readFileSync(path, "utf8"))).sort();

/** They make the context, and hand it to routes and pages. */
const WHOLE_CONTEXT = ["src/http/context-of.ts", "src/http/routes.ts", "src/http/server.ts"];

test("what files say of themselves in their first lines: they alone do it", () => {
  expect(importersOf("mailparser")).toEqual(["src/core/mime/mail.ts"]);
  expect(importersOf("@modelcontextprotocol/server").toSorted()).toEqual([
    "src/http/routes/mcp.ts",
    "src/mcp/server.ts",
  ]);
  expect(importersOf("smtp-server").map(roomOf)).toEqual(["smtp", "smtp"]);
  // "The only place that constructs BullMQ objects."
  const values = /^import \{[^}]*(?<!type )\b(?:Queue|Worker|QueueEvents|FlowProducer|Job)\b[^}]*\} from "bullmq"/m;
  expect(thatSay(values).filter((path) => path !== "src/queues/consume.ts")).toEqual(["src/queues/queues.ts"]);
  expect(thatSay(/\bnew (?:Queue|QueueEvents|FlowProducer|WrittenQueue)\b/)).toEqual(["src/queues/queues.ts"]);
  // "The only reader of our variables, except where the terminal and find-service.ts need one earlier."
  expect(thatSay(/process\.env[[.]"?BOUNCED_/)).toEqual(["src/cli/command-entry.ts", "src/cli/run.ts"]);
  expect(thatSay(/process\.env\b/).filter((path) => !/^src\/(?:cli|config|client|machine)\//.test(path))).toEqual([
    "src/supervisor/supervise.ts",
    "src/telemetry/logger.ts",
  ]);
  // Routes and pages take what they use of the context: `Pick<HttpContext, …>`.
  expect(thatSay(/: HttpContext\b(?!\[)/)).toEqual(WHOLE_CONTEXT);
  // "Every metric, declared once": in one folder.
  expect(new Set(thatSay(/\bnew (?:Counter|Gauge|Histogram)\b/).map(roomOf))).toEqual(new Set(["telemetry"]));
});

test("the core and what it rests on asks no clock, no chance and no environment, and writes to nobody", () => {
  const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bconsole\.\w+\(|\bprocess\.[a-z]/;
  expect(thatSay(impure).filter((path) => PURE.includes(path))).toEqual([]);
});

test("every command starts without the knowledge of mail and without a client of Redis: it reads settings first", () => {
  const met = new Set<string>();
  const packages = new Set<string>();
  const meet = (path: string): void => {
    if (met.has(path)) return;
    met.add(path);
    for (const [, isType, name = ""] of readFileSync(path, "utf8").matchAll(
      /^(?:import|export) (type )?[^;"]*?from "([^"]+)";/gm,
    )) {
      if (isType) continue;
      if (name.startsWith(".")) meet(normalize(`${dirname(path)}/${name}`));
      else packages.add(name);
    }
  };
  meet("src/cli/run.ts");
  expect(met.size).toBeGreaterThan(20);
  expect(
    [...met].filter((path) => /^src\/(?:core|follow\/formats\/index|redis\/client|store\/store)/.test(path)),
  ).toEqual([]);
  expect(
    [...packages].filter((name) =>
      /^(?:@modelcontextprotocol|bullmq|fastify|ioredis|kysely|mailparser|pg|smtp-server)/.test(name),
    ),
  ).toEqual([]);
});
