import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const ROOT = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "bounced-package-"));
const project = join(folder, "project");
const installed = join(project, "node_modules/bounced");

beforeAll(async () => {
  // A copy, so that building does not touch the checkout that other tests run from.
  const checkout = join(folder, "checkout");
  for (const name of [
    "src",
    "workers",
    "scripts",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
  ])
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  await run(process.execPath, ["scripts/build.ts"], { cwd: checkout });
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: checkout });
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  await run("tar", ["-xzf", join(folder, tarball), "-C", folder]);
  cpSync(join(folder, "package"), installed, { recursive: true });
  // Its dependencies are the checkout's own, so that the test needs no registry.
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    const target = join(project, "node_modules", name);
    if (!name.startsWith(".") && !existsSync(target)) symlinkSync(join(ROOT, "node_modules", name), target);
  }
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runIn(file: string, text: string): Promise<string> {
  writeFileSync(join(project, file), text);
  const { stdout } = await run(process.execPath, [file], { cwd: project, env: { PATH: process.env["PATH"] ?? "" } });
  return stdout.trim();
}

test("the tarball holds what was built and nothing else", () => {
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Record<string, unknown>;
  expect(readdirSync(installed).toSorted()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist",
    "package.json",
    "src",
  ]);
  expect(manifest["optionalDependencies"]).toBeUndefined();
  expect(readdirSync(installed, { recursive: true }).filter((name) => String(name).endsWith(".eml"))).toEqual([]);
});

test("publint finds nothing wrong", async () => {
  const { messages } = await publint({ pkgDir: installed, pack: false });
  expect(messages.filter(({ type }) => type !== "suggestion")).toEqual([]);
});

test("classify() and the types' functions from an ES module", async () => {
  const text = `import { classify, consume, eventSchema, OUTPUT_QUEUES } from "bounced";
    console.log(classify("550 5.1.1 No such user").reason, typeof consume, typeof eventSchema.parse, OUTPUT_QUEUES.length);`;
  expect(await runIn("esm.mjs", text)).toBe("mailbox_unknown function function 9");
});

test("and from CommonJS", async () => {
  const text = `const { classify } = require("bounced");
    console.log(classify({ text: "452 4.2.2 Mailbox full" }, { language: "de" }).explanation);`;
  expect(await runIn("cjs.cjs", text)).toMatch(/Postfach/);
});

test("the command of the package runs", async () => {
  const bin = join(installed, "src/cli/bin.mjs");
  const { stdout } = await run(
    process.execPath,
    [bin, "classify", "--json", "--diagnostic", "550 5.1.1 User unknown"],
    { cwd: project },
  );
  expect(JSON.parse(stdout)).toMatchObject({ reason: "mailbox_unknown", severity: "hard" });
});

test("a program in TypeScript finds the types", async () => {
  writeFileSync(
    join(project, "typed.ts"),
    `import { consume, type BouncedEvent } from "bounced";
     export const consumer = consume("bounce-hard", async (event) => { const same: BouncedEvent = event; console.log(same.recipient.mailed); });\n`,
  );
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--skipLibCheck",
    "--types",
    "node",
    "typed.ts",
  ];
  await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), ...options], { cwd: project });
});
