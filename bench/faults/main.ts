/**
 * `npm run faults [-- --rounds N] [--only A02,B04 [--keep]] [--seed N]`: breaks the service in every way we know, under
 * load, and counts what was lost or doubled. Everything, or what is to be kept, goes into docs/faults.md. Linux, as root.
 */
import { parseArgs } from "node:util";
import { messageOf } from "../../src/machine/error-message.ts";
import { diceOf } from "./dice.ts";
import { circumstances, keepResult, type Row } from "./page.ts";
import { IDS, lanesOf } from "./scenarios.ts";
import type { Outcome, Scenario } from "./scenario.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    only: { type: "string", default: "" },
    keep: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 2 ** 32) },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
const only = values.only.split(",").filter(Boolean);
const unknown = only.filter((id) => !IDS.includes(id));
if (!(rounds >= 1) || !Number.isInteger(seed) || unknown.length > 0) {
  console.error(
    `faults: --rounds is a number from 1, --seed a whole number, --only ids separated by commas, of:\n${IDS.join(" ")}`,
  );
  process.exit(2);
}

console.log(`seed ${seed}, rounds ${rounds}`);
const rows: Row[] = [];
// Each process of a scenario has a listener, so that it does not outlive us.
process.setMaxListeners(1000);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const runAll = async (scenarios: readonly Scenario[]): Promise<void> => {
  for (const scenario of scenarios) {
    const { id, what } = scenario;
    const from = performance.now();
    const outcome = await scenario
      .run({ rounds, dice: diceOf(seed) })
      .catch((error: unknown): Outcome => ({ pass: false, figures: messageOf(error) }));
    const seconds = Math.round((performance.now() - from) / 1000);
    const row = { id, what, ...outcome, seed, rounds, ...circumstances() };
    rows.push(row);
    if (values.keep || only.length === 0) keepResult(row, IDS);
    console.log(`${outcome.pass ? "pass" : "FAIL"}  ${id.padEnd(8)} ${what} (${seconds} s)\n      ${outcome.figures}`);
  }
};
await Promise.all(lanesOf(only).map(runAll));
const failed = rows.filter(({ pass }) => !pass);
console.log(`${rows.length - failed.length} of ${rows.length} passed${failed.map(({ id }) => ` !${id}`).join("")}`);
process.exit(failed.length === 0 ? 0 : 1);
