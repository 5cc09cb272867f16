/** What a reader of the README does with a fresh clone: make the tarball, install it in a project of their own, use it. */
import { execFile, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openQueues } from "../../src/queues/queues.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

const run = promisify(execFile);
const ROOT = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "bounced-package-"));
const clone = join(folder, "clone");
const project = join(folder, "project");
const installed = join(project, "node_modules/bounced");
const environment = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  for (const file of files.split("\0").filter((name) => existsSync(name) && !/^(fixtures|bench|docs)\//.test(name)))
    cpSync(file, join(clone, file));
  symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
}, 60_000);
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("npm pack without a build makes no hollow package, and names what to run", async () => {
  const packing = run("npm", ["pack"], { cwd: clone, env: environment });
  await expect(packing).rejects.toThrow(/use-npm-run-tarball/);
  expect(readdirSync(clone).filter((name) => name.endsWith(".tgz"))).toEqual([]);
}, 60_000);

test("npm run tarball, and npm installs it into an empty project", async () => {
  await run("npm", ["run", "tarball"], { cwd: clone, env: environment });
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const tarball = join(clone, `bounced-${version}.tgz`);
  layOutProject();
  await run("npm", ["install", "--offline", "--no-audit", tarball], { cwd: project, env: environment });
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Record<string, unknown>;
  const names = ["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json", "src"];
  expect(readdirSync(installed).toSorted()).toEqual(names);
  expect(manifest["optionalDependencies"]).toBeUndefined();
  expect(readdirSync(installed, { recursive: true }).filter((name) => String(name).endsWith(".eml"))).toEqual([]);
}, 600_000);

/** An empty project but for the package's own dependencies, linked from ours: npm finds them there and asks no registry. */
function layOutProject(): void {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { dev?: boolean; link?: boolean }>;
  };
  for (const [path, { dev, link }] of Object.entries(packages)) {
    if (
      dev ||
      link ||
      !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) ||
      /\/node-(bin-)?(linux|darwin)/.test(path) ||
      !existsSync(path)
    )
      continue;
    mkdirSync(dirname(join(project, path)), { recursive: true });
    try {
      execFileSync("cp", ["-al", path, join(project, path)], { stdio: "ignore" });
    } catch {
      // another file system, or a cp that makes no links
      cpSync(path, join(project, path), { recursive: true });
    }
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true }));
}

test("publint finds nothing wrong", async () => {
  const { messages } = await publint({ pkgDir: installed, pack: false });
  expect(messages.filter(({ type }) => type !== "suggestion")).toEqual([]);
});

/** The consumer that the README prints, and the one line that differs in CommonJS. */
function consumerOfReadme(): { readonly esm: string; readonly cjs: string } {
  const readme = readFileSync(join(clone, "README.md"), "utf8");
  const esm = /```ts\n(import \{[^}]*consume.*?)```/s.exec(readme)?.[1] ?? "";
  const line = /`(const \{[^`]*require\("bounced"\);)`/.exec(readme)?.[1] ?? "";
  return { esm, cjs: esm.replace(/^import .*$/m, line) };
}

/** Runs a program of the project until it has printed `count` lines. */
function linesOf(file: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file], { cwd: project, env: { ...environment, ...env } });
    let text = "";
    const read = (chunk: Buffer): void => {
      text += chunk.toString("utf8");
      if (text.includes("\n")) child.kill();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("close", () => resolve(text.trim()));
  });
}

for (const kind of ["esm", "cjs"] as const)
  test(`the README's consumer gets an event as ${kind}`, async () => {
    const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
    const event = sampleEvent({ id: kind });
    await queues.get("bounce-hard").add("bounce.mailbox_unknown", event, { jobId: kind });
    const file = kind === "esm" ? "consumer.mjs" : "consumer.cjs";
    writeFileSync(join(project, file), consumerOfReadme()[kind]);
    const printed = await linesOf(file, { REDIS_URL: redis.url });
    await queues.close();
    expect(printed).toBe(`stop sending to ${event.recipient.mailed}: ${event.explanation}`);
  }, 60_000);

test("and in strict TypeScript, which refuses a queue that is mistyped", async () => {
  const { esm } = consumerOfReadme();
  const typo = esm.replace('"bounce-hard"', '"bounce-hrd"');
  const route = esm.replace('"bounce-hard"', '"vip"').replace(/\}\);\n$/, "}, { route: true });\n");
  writeFileSync(join(project, "typed.mts"), esm);
  writeFileSync(join(project, "routed.mts"), route);
  writeFileSync(join(project, "mistyped.mts"), typo);
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2024"];
  // As in a project of its own: @types/node is there, and nothing is skipped.
  const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")];
  const tsc = (file: string) =>
    run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), ...flags, ...types, file], { cwd: project });
  await tsc("typed.mts");
  // Nor does it need the types of Node: only console has to be known.
  const bare = ["--types", "", "--lib", "es2024,dom"];
  await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), ...flags, ...bare, "typed.mts"], {
    cwd: project,
  });
  await tsc("routed.mts");
  await expect(tsc("mistyped.mts")).rejects.toMatchObject({ stdout: expect.stringMatching(/"bounce-hrd"/) });
}, 120_000);

test("where there is no service, the consumer ends with one error that says what to set", async () => {
  writeFileSync(join(project, "lost.mjs"), consumerOfReadme().esm);
  const ended = run(process.execPath, ["lost.mjs"], { cwd: project, env: { PATH: environment.PATH, HOME: project } });
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /no service of bounced found[^]*REDIS_URL: not set[^]*project\/data: does not exist[^]*Set BOUNCED_DATA_DIR/,
    ),
  });
}, 60_000);

test("a mistyped queue is refused at run time, with the nearest name", async () => {
  writeFileSync(join(project, "mistyped.mjs"), consumerOfReadme().esm.replace('"bounce-hard"', '"bounce-hrd"'));
  const ended = run(process.execPath, ["mistyped.mjs"], {
    cwd: project,
    env: { ...environment, REDIS_URL: redis.url },
  });
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no queue is called "bounce-hrd" \(did you mean bounce-hard\?\)/),
  });
}, 60_000);

test("the command of the package runs", async () => {
  const bin = join(project, "node_modules/.bin/bounced");
  const { stdout } = await run(bin, ["classify", "--json", "--diagnostic", "550 5.1.1 User unknown"], {
    cwd: project,
    env: { ...environment, PATH: `${dirname(process.execPath)}:${environment.PATH}` },
  });
  expect(JSON.parse(stdout)).toMatchObject({ reason: "mailbox_unknown", severity: "hard" });
}, 60_000);
