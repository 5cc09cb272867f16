/** The results of the last run of every scenario, one JSON line each, and docs/faults.md made of them. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { spread } from "./reckoning.ts";
import type { Counted, Outcome } from "./scenario.ts";

const RESULTS = join(import.meta.dirname, "results.jsonl");
const SOAK = join(import.meta.dirname, "../soak/result.txt");
const PAGE = join(import.meta.dirname, "../../docs/faults.md");

export interface Row extends Outcome {
  readonly id: string;
  readonly what: string;
  readonly seed: number;
  readonly rounds: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Date of the commit. */
  readonly commit: string;
  readonly machine: string;
}

/** Of the machine and the code, now. */
export const circumstances = (): Pick<Row, "at" | "commit" | "machine"> => ({
  at: new Date().toISOString(),
  commit: execFileSync("git", ["log", "-1", "--format=%cs"], { encoding: "utf8" }).trim(),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(0)}`,
});

/** What `npm run soak` printed. */
export function keepSoak(lines: readonly string[], ids: readonly string[]): void {
  writeFileSync(SOAK, `${lines.join("\n")}\n`);
  writeFileSync(PAGE, pageOf(keptRows(), ids));
}

const keptRows = (): readonly Row[] =>
  (existsSync(RESULTS) ? readFileSync(RESULTS, "utf8").trim().split("\n") : []).map((line) => JSON.parse(line) as Row);

/** In place of what was kept of the same scenario; scenarios that are no more go. */
export function keepResult(row: Row, ids: readonly string[]): void {
  const rows = [...keptRows().filter(({ id }) => id !== row.id && ids.includes(id)), row];
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  writeFileSync(RESULTS, rows.map((each) => `${JSON.stringify(each)}\n`).join(""));
  writeFileSync(PAGE, pageOf(rows, ids));
}

const pageOf = (rows: readonly Row[], ids: readonly string[]): string => `# Faults

What \`npm run faults\` does to the service, and what became of the mail. Linux, as root: it mounts file systems and counts
system calls. \`npm run faults -- --only A02,B04\` runs some of it, \`--rounds N\` less or more of it, \`--seed N\` the same
moments again; \`--keep\` puts the result into this page.

${sumOf(rows)}

*Disturbances*: processes killed, or what the row says. *Missing*: a recipient of a message that was answered with 250 who is
not in the log, did not reach the consumer of its output queue, or did not reach the webhook. *Doubled*: twice in the log, or
with two event ids anywhere. *Ghosts*: arrived and never acknowledged. *Altered*: the log's digest, or (of a sample) the kept
message, is not that of what was sent. *Left over*: still on a queue at the end. All of these must be 0. *Redelivered* is
allowed: the same event, with the same id, handed out again after a crash. *Unknown*: no answer after the final dot; the
sender tries again. *Next 250*: to a message begun after the disturbance. *All before it delivered*: until everything that was
acknowledged before the disturbance had reached its consumer, with load, and with whatever was broken meanwhile; what a killed
worker had in hand waits for its lock, 6 seconds. *Longest stretch of an event loop*: in which a thread did nothing else.

| | fault | result | figures | seed |
|---|---|---|---|---|
${rows.map(({ id, what, pass, figures, seed }) => `| ${id} | ${cell(what)} | ${pass ? "pass" : "**FAIL**"} | ${cell(figures)} | ${seed} |`).join("\n")}

${measuredOf(rows)}${notRun(rows, ids)}
${soakOf()}`;

const soakOf = (): string =>
  !existsSync(SOAK)
    ? ""
    : `
## Soak

\`npm run soak\` sends mixed and hostile mail over SMTP, IMAP, a followed log and HTTP to a service with every role, an hour unless
\`--minutes\` says otherwise, and looks each acknowledged message up in the log, at a consumer and at a webhook. A line is fitted through memory
and descriptors of each process after a third of the time. \`--keep\` puts the result into this page.

\`\`\`text
${readFileSync(SOAK, "utf8").trim()}
\`\`\`
`;

/** Scenarios that exist and have no result here. */
function notRun(rows: readonly Row[], ids: readonly string[]): string {
  const left = ids.filter((id) => !rows.some((row) => row.id === id));
  return left.length === 0 ? "" : ` Not run on it: ${left.join(", ")}.`;
}

function measuredOf(rows: readonly Row[]): string {
  const times = rows.map(({ at }) => at.slice(0, 10)).toSorted();
  const commits = [...new Set(rows.map(({ commit }) => commit))];
  const loads = rows.map(({ machine }) => Number(/load (\d+)/.exec(machine)?.[1])).toSorted((a, b) => a - b);
  const machines = [...new Set(rows.map(({ machine }) => machine.replace(/, load .*/, "")))];
  const between = loads[0] === loads.at(-1) ? `${loads[0]}` : `${loads[0]} to ${loads.at(-1)}`;
  return `Measured ${[...new Set([times[0], times.at(-1)])].join(" to ")} with the code of ${commits.join(", ")} on ${machines.join("; ")}, while its load average was ${between}.`;
}

function sumOf(rows: readonly Row[]): string {
  const counted = rows.flatMap(({ counted }) => counted ?? []);
  const sum = (part: (counted: Counted) => number): number => counted.reduce((total, each) => total + part(each), 0);
  const isSound = rows.every(({ pass, counted }) => pass || !counted);
  return `**${number(sum(({ acked }) => acked))} messages acknowledged across ${number(sum(({ crashes }) => crashes))} injected crashes and disturbances: ${
    isSound ? "0 missing, 0 duplicate effects" : "NOT SOUND, see below"
  }**. ${number(sum(({ followed }) => followed))} of them were followed through to the log, a consumer and a webhook, the others (A08) to the queue on
disk. ${number(sum(({ redelivered }) => redelivered))} events were handed out again with the same id. Next 250 after ${spread(
    counted.flatMap(({ ackMs }) => ackMs),
  )}; everything before a disturbance delivered after ${spread(counted.flatMap(({ doneMs }) => doneMs))}.`;
}

const number = (value: number): string => value.toLocaleString("en");
const cell = (text: string): string => text.replaceAll("|", "\\|");
