/** What tests of days ask of a log: rows, ids, and whether its rollups are exact. */
import { sql } from "kysely";
import { expect } from "vitest";
import type { Database } from "../../../src/store/db/database.ts";
import type { Store } from "../../../src/store/store.ts";
import { makeEvent } from "../make-event.ts";

export const at = (time: number, name = "user") => makeEvent({ address: `${name}@example.org`, at: time });

export const rowsIn = async ({ write }: Database, table: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(write);
  return rows[0]?.count ?? 0;
};

export const idsIn = async (store: Store): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { event } of store.iterate({})) ids.push(event.id);
  return ids.sort();
};

const rollupsOf = async ({ write }: Database) => {
  const hours = await sql`select * from rollup_hours where count <> 0 order by 1, 2, 3, 4, 5, 6, 7`.execute(write);
  const days = await sql`select * from rollup_days where count <> 0 order by 1, 2, 3, 4, 5, 6`.execute(write);
  return [hours.rows, days.rows];
};

/** What they say is what counting anew says. */
export async function expectExactRollups({
  store,
  database,
}: {
  readonly store: Store;
  readonly database: Database;
}): Promise<void> {
  const before = await rollupsOf(database);
  await store.rebuildRollups();
  expect(before).toEqual(await rollupsOf(database));
}
