/**
 * `npm run faults [-- --rounds N] [-- ID…]`: breaks the service in every way we know, under load, and counts what was
 * lost or doubled. Writes docs/faults.md when everything was run. Needs root for the power cut.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { messageOf } from "../../src/error-message.ts";
import { ABUSE } from "./abuse.ts";
import { CRASHES } from "./crashes.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import type { Outcome } from "./scenario.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "10" } },
});
const rounds = Number(values.rounds);
const all = [...CRASHES, ...REDIS_FAULTS, ...ABUSE];
const chosen = positionals.length === 0 ? all : all.filter(({ id }) => positionals.includes(id));
const rows: (Outcome & { readonly id: string; readonly what: string })[] = [];
for (const scenario of chosen) {
  const { id, what } = scenario;
  const outcome = await scenario
    .run(rounds)
    .catch((error: unknown): Outcome => ({ pass: false, figures: messageOf(error) }));
  rows.push({ id, what, ...outcome });
  console.log(`${outcome.pass ? "pass" : "FAIL"}  ${id.padEnd(8)} ${what}\n               ${outcome.figures}`);
}
if (positionals.length === 0)
  writeFileSync(
    "docs/faults.md",
    `# Faults

What \`npm run faults -- --rounds ${rounds}\` does to the service, and what became of the mail. *Missing*: answered with 250 and
not in the log. *Doubled*: twice in the log. *Ghosts*: never sent. *Undelivered*: not handed to a consumer of its output
queue. All must be 0. *Redelivered* is allowed: the same event, with the same id, handed out again after a crash.

| | fault | result | figures |
|---|---|---|---|
${rows.map(({ id, what, pass, figures }) => `| ${id} | ${what} | ${pass ? "pass" : "**FAIL**"} | ${figures} |`).join("\n")}
`,
  );
process.exitCode = rows.every(({ pass }) => pass) ? 0 : 1;
