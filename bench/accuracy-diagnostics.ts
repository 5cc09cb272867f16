/**
 * `npm run accuracy -- --diagnostics FOLDER`: labelled refusal texts, one verdict each. FOLDER holds `diagnostics.jsonl`
 * ({text, reply_code?, enhanced?, remote_mta?, provider?, language, reason} a line); the scorer is `node SCORER LABELS
 * OUTPUT [--by FIELD]`, by default `FOLDER/../scripts/score-diagnostics.mjs`. Prints its figures, per reason, provider
 * and language, a confusion table of labels and our reasons, and the time per text.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { classify, emptyRefusal } from "../src/core/classify/classify.ts";
import type { Verdict } from "../src/core/classify/verdict.ts";
import { loadRules } from "../src/rules/load-rules.ts";

interface Label {
  readonly text: string;
  readonly reason: string;
  readonly reply_code?: number;
  readonly enhanced?: string;
  readonly remote_mta?: string;
}

interface Options {
  readonly scorer?: string;
  readonly misses: string;
}

const ROUNDS = 20;

export function measureDiagnostics(folder: string, { scorer, misses }: Options): void {
  const labelFile = join(folder, "diagnostics.jsonl");
  const labels = readFileSync(labelFile, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Label);
  const rules = loadRules();
  const verdictOf = (label: Label): Verdict =>
    classify(
      {
        ...emptyRefusal,
        text: label.text,
        status: label.enhanced ?? null,
        replyCode: label.reply_code ?? null,
        remoteMta: label.remote_mta ?? null,
      },
      { rules },
    );
  const verdicts = labels.map(verdictOf);
  const out = join(mkdtempSync(join(tmpdir(), "bounced-accuracy-")), "verdicts.jsonl");
  writeFileSync(out, verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join(""));
  console.log(`# ${folder}: ${labels.length} texts, ${rules.size} rules, verdicts in ${out}\n`);

  const program = scorer ?? join(folder, "..", "scripts", "score-diagnostics.mjs");
  if (existsSync(program)) {
    run(program, labelFile, out, "--misses", misses);
    for (const field of ["reason", "provider", "language"]) {
      console.log(`\nby ${field}`);
      run(program, labelFile, out, "--misses", "0", "--by", field);
    }
  } else console.error(`no scorer at ${program}: give one with --scorer PATH`);
  printConfusion(labels, verdicts);

  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) for (const label of labels) verdictOf(label);
  const { user, system } = process.cpuUsage(before);
  console.log(`\n${((user + system) / labels.length / ROUNDS).toFixed(1)} µs of processor time per text`);
}

function run(...argv: readonly string[]): void {
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8", maxBuffer: 64 * 1024 ** 2 });
  console.log(`${stdout}${stderr}`.trimEnd());
}

/** Per label, what we said, most frequent first. */
function printConfusion(labels: readonly Label[], verdicts: readonly Verdict[]): void {
  const table = new Map<string, Map<string, number>>();
  for (const [index, { reason }] of labels.entries()) {
    const row = table.get(reason) ?? new Map<string, number>();
    const said = verdicts[index]?.reason ?? "-";
    row.set(said, (row.get(said) ?? 0) + 1);
    table.set(reason, row);
  }
  console.log("\nlabel -> our reasons");
  for (const [label, row] of [...table].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(
      `${label.padEnd(18)} ${[...row]
        .sort((a, b) => b[1] - a[1])
        .map(([reason, n]) => `${reason} ${n}`)
        .join(", ")}`,
    );
}
