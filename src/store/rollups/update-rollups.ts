/** Events into the rollups and out of them, in the transaction that writes or deletes the events. */
import type { Transaction } from "kysely";
import { insertAll } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { DAILY_DIMENSIONS, dailyValueOf, DAY_MS, HOUR_MS, HOURLY, type Counted } from "./rollup-columns.ts";

type Row = Readonly<Record<string, string | number>>;

export interface CountChange {
  readonly added?: readonly Counted[];
  readonly removed?: readonly Counted[];
}

/**
 * The last step of a transaction: it locks the rows of the present hour, which every other writer needs too. All of them
 * lock in one order, hours before days, so that none waits for another in a circle.
 */
export async function updateRollups(tx: Transaction<Tables>, change: CountChange): Promise<void> {
  const hours = new Tally();
  const days = new Tally();
  for (const [rows, by] of [
    [change.added ?? [], 1],
    [change.removed ?? [], -1],
  ] as const)
    for (const row of rows) {
      const { received_at, kind, severity, authenticity } = row;
      const hourly = HOURLY.map((name) => [name, row[name]] as const);
      hours.add({ hour: Math.floor(received_at / HOUR_MS), ...Object.fromEntries(hourly) }, by);
      const day = Math.floor(received_at / DAY_MS);
      for (const dimension of DAILY_DIMENSIONS)
        days.add({ dimension, day, value: dailyValueOf(row, dimension), kind, severity, authenticity }, by);
    }
  await hours.write(tx, "rollup_hours");
  await days.write(tx, "rollup_days");
}

class Tally {
  readonly #counts = new Map<string, { readonly row: Row; count: number }>();

  add(row: Row, by: 1 | -1): void {
    const key = Object.values(row).join("\0");
    const known = this.#counts.get(key);
    if (known) known.count += by;
    else this.#counts.set(key, { row, count: by });
  }

  async write(tx: Transaction<Tables>, table: "rollup_hours" | "rollup_days"): Promise<void> {
    const changed = [...this.#counts].filter(([, { count }]) => count !== 0);
    const rows = changed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { row, count }]) => ({ ...row, count }));
    const key = Object.keys(rows[0] ?? {}).filter((name) => name !== "count");
    await insertAll(
      tx,
      table,
      rows,
      `on conflict (${key.join(", ")}) do update set count = ${table}.count + excluded.count`,
    );
  }
}
