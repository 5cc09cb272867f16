/**
 * `npm run accuracy -- FOLDER… [--scorer PATH] [--out FILE] [--misses N]`: reads a folder of mail whose truth is known
 * and prints how often the product was right: in all, and by corpus, kind of mail, software and language. The software
 * is the one that the truth names, or else the one that was read.
 *
 * FOLDER holds `truth.jsonl` (one line per mail: id, corpus, path, kind, truth) or `manifest.jsonl` (mail of scripted
 * servers). The scorer is a program `node SCORER FOLDER OUTPUT.jsonl`; by default it is looked for in
 * `FOLDER/../scripts`. What the scorer gets is what `bounced classify --json FOLDER` prints.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../src/config/config.ts";
import type { BouncedEvent } from "../src/event/event.ts";
import { readMessage } from "../src/core/read-message.ts";
import { readMessages } from "../src/sources/files.ts";
import { messageInputOf } from "../src/sources/message-input.ts";
import { measureDiagnostics } from "./accuracy-diagnostics.ts";
import { readSettingsOf } from "../src/reading/read-settings.ts";

interface Output {
  readonly path: string;
  readonly events: readonly BouncedEvent[];
}

/** What a truth may say of a mail besides what is in it. */
const GROUPED_BY = ["corpus", "kind", "software", "language"] as const;
type Truth = Readonly<Partial<Record<(typeof GROUPED_BY)[number] | "path", string>>>;

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    scorer: { type: "string" },
    out: { type: "string" },
    misses: { type: "string", default: "20" },
    diagnostics: { type: "string", multiple: true, default: [] },
  },
});
if (folders.length === 0 && options.diagnostics.length === 0) {
  console.error(
    "usage: npm run accuracy -- [FOLDER…] [--diagnostics FOLDER] [--scorer PATH] [--out FILE] [--misses N]",
  );
  process.exit(2);
}
for (const folder of options.diagnostics) measureDiagnostics(resolve(folder), options);
for (const folder of folders) await measure(resolve(folder));

async function measure(folder: string): Promise<void> {
  const isLab = existsSync(join(folder, "manifest.jsonl"));
  const scorer = options.scorer ?? join(folder, "..", "scripts", isLab ? "score-lab.mjs" : "score-messages.mjs");
  const out = options.out ?? join(mkdtempSync(join(tmpdir(), "bounced-accuracy-")), "events.jsonl");
  const outputs = await readFolder(folder);
  writeFileSync(out, outputs.map((output) => `${JSON.stringify(output)}\n`).join(""));
  console.log(`# ${folder}: ${outputs.length} messages, events in ${out}\n`);
  if (existsSync(scorer)) {
    console.log(score(scorer, folder, out, "--misses", options.misses));
    if (!isLab) printGroups(scorer, folder, out, softwareByPath(folder, outputs));
  } else console.error(`no scorer at ${scorer}: give one with --scorer PATH`);
  printFormats(outputs);
}

async function readFolder(folder: string): Promise<readonly Output[]> {
  const config = loadConfig({});
  const settings = readSettingsOf(config);
  const outputs: Output[] = [];
  for await (const { path, bytes } of readMessages([folder]))
    outputs.push({ path, events: await readMessage(messageInputOf(bytes, config.BOUNCED_KEEP_BYTES), settings) });
  return outputs;
}

function score(scorer: string, folder: string, out: string, ...more: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [scorer, folder, out, ...more], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  if (status !== 0) throw new Error(`${scorer} ended with ${String(status)}: ${stderr}`);
  return stdout;
}

/** What the events name, for mail of which the truth does not say it. */
function softwareByPath(folder: string, outputs: readonly Output[]): ReadonlyMap<string, string> {
  return new Map(outputs.map(({ path, events }) => [relative(folder, resolve(path)), events[0]?.software ?? ""]));
}

/** One line per corpus, kind of mail, software and language, as far as they are known. */
function printGroups(scorer: string, folder: string, out: string, software: ReadonlyMap<string, string>): void {
  const truths = readFileSync(join(folder, "truth.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const truth = JSON.parse(line) as Truth;
      return { line, truth: { ...truth, software: truth.software ?? software.get(truth.path ?? "") ?? "" } };
    });
  const part = mkdtempSync(join(tmpdir(), "bounced-accuracy-"));
  for (const key of GROUPED_BY) {
    const groups = Map.groupBy(truths, ({ truth }) => truth[key] ?? "");
    groups.delete("");
    if (groups.size < 2) continue;
    console.log(`\nper ${key}`);
    for (const [name, members] of [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
      writeFileSync(join(part, "truth.jsonl"), members.map(({ line }) => `${line}\n`).join(""));
      console.log(`  ${name.slice(0, 32).padEnd(32)} ${figuresOf(score(scorer, part, out, "--misses", "0"))}`);
    }
  }
  rmSync(part, { recursive: true });
}

/** The figures that say something about these mails, on one line. */
function figuresOf(printed: string): string {
  const figures = printed
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [, name = "", value = ""] = /^(.*?) {2,}(.*)$/.exec(line) ?? [];
      return value === "-" || value === "0" || name === "" ? [] : `${name} ${value}`;
    });
  return figures.join("; ");
}

/** How many messages each format read, and what it made of them. */
function printFormats(outputs: readonly Output[]): void {
  const formats = new Map<string, Map<string, number>>();
  for (const { events } of outputs) {
    const [first] = events;
    if (!first) continue;
    const kinds = formats.get(first.format) ?? new Map<string, number>();
    kinds.set(first.kind, (kinds.get(first.kind) ?? 0) + 1);
    formats.set(first.format, kinds);
  }
  console.log("\nper format");
  for (const [format, kinds] of [...formats].toSorted(([one], [other]) => (one < other ? -1 : 1)))
    console.log(`  ${format.padEnd(20)} ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(", ")}`);
}
