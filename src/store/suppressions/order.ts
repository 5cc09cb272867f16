/** The order in which changes of the list are made, and the epoch in which that order holds. */
import { randomUUID } from "node:crypto";
import { sql, type Kysely, type Transaction } from "kysely";
import { readFact, writeFact } from "../db/facts.ts";
import { dialectOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";

const EPOCH = "suppressions.epoch";
/** An arbitrary number, ours alone: the lock of PostgreSQL under which ids are given out. */
const LOCK = 8_025_110_322;

/**
 * Held until the transaction ends. On PostgreSQL a lower id could otherwise become visible after a higher one, and who
 * has read on to the higher one would never see it; SQLite has one writer. Take it before any row of the list.
 */
export async function ordered(tx: Transaction<Tables>): Promise<void> {
  if (dialectOf(tx) === "postgres") await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx);
}

/** Ends every cursor. */
export async function newEpoch(tx: Transaction<Tables>, now: number): Promise<void> {
  await writeFact(tx, EPOCH, randomUUID(), now);
}

/** The one that was written first counts, whoever writes it. */
export async function epochOf(read: Kysely<Tables>, write: Kysely<Tables>, now: number): Promise<string> {
  const present = await readFact(read, EPOCH);
  if (present !== undefined) return present;
  await write
    .insertInto("facts")
    .values({ name: EPOCH, value: randomUUID(), updated_at: now })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const first = await readFact(write, EPOCH);
  if (first === undefined) throw new Error("the epoch of the suppression list was not written");
  return first;
}
