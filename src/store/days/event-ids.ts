/**
 * Ids of events. A table that is cut by time can have no index of them: tables of their own have every id with its key, for
 * a while longer than the events themselves (src/store/upkeep/retention.ts); on SQLite they are cut too (units/ids.ts). Events of
 * before the units, and of SQLite's rest, are found by the unique index that they had.
 */
import { createHash } from "node:crypto";
import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { SLOTS } from "../db/slots.ts";
import { insertAll, dialectOf, oneOf } from "../db/statements.ts";
import type { EventIdsTable, EventsTable, Tables } from "../db/tables.ts";
import { dropOldIds } from "../units/drop.ts";
import { idsInUnits, idOctetsOf, removeIds } from "../units/ids.ts";

export const uuidOf = (id: string): string =>
  idOctetsOf(id)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Whose events have a unique index of ids. */
const uncutTable = (db: Kysely<Tables>) => (dialectOf(db) === "sqlite" ? "events_rest" : "events_before");

/** Where an event is, or was: what is read there must have this id. */
export async function keyOfEvent(db: Kysely<Tables>, id: string): Promise<number | undefined> {
  const own = dialectOf(db) === "sqlite" ? idOctetsOf(id) : uuidOf(id);
  const { rows } = await sql<{ key: number }>`select key from event_ids where id = ${own}
    union all select key from ${sql.table(uncutTable(db))} where id = ${id} limit 1`.execute(db);
  return rows[0]?.key;
}

/** Eight octets of it, which is all that PostgreSQL's integer takes: what has the same one is another address. */
export const digestOfAddress = (address: string): string =>
  createHash("sha256").update(address).digest().readBigInt64BE().toString();

type Claimed = Pick<EventsTable, "id" | "key" | "recorded_at" | "mailed" | "recipient">;

/** The row of an event. */
export const idRowOf = ({ id, key, recorded_at, mailed, recipient }: Claimed): EventIdsTable => ({
  id: uuidOf(id),
  key,
  recorded_at,
  mailed: digestOfAddress(mailed),
  forwarded: recipient === mailed ? null : digestOfAddress(recipient),
});

/** On SQLite, where nobody else writes: those of the ids that an event has, or had. */
export async function knownIds(tx: Transaction<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const inUnits = await idsInUnits(tx, ids);
  const known = new Set(await idsBefore(tx, ids));
  for (const id of ids) if (inUnits.has(idOctetsOf(id).toString("hex"))) known.add(id);
  return known;
}

/** Those of the ids that no event had before; whoever claims one at the same time waits for this transaction. */
export async function claimIds(tx: Transaction<Tables>, claims: readonly Claimed[]): Promise<ReadonlySet<string>> {
  const before = await idsBefore(
    tx,
    claims.map(({ id }) => id),
  );
  // In one order, so that two writers never wait for each other.
  const rows = claims
    .filter(({ id }) => !before.has(id))
    .map((claim) => ({ ...idRowOf(claim) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const returned = await insertAll<{ id: string }>(tx, "event_ids", rows, "on conflict do nothing returning id");
  const claimed = new Set(returned.map(({ id }) => id));
  return new Set(claims.flatMap(({ id }) => (claimed.has(uuidOf(id)) ? [id] : [])));
}

/** Of events of before the units, or of SQLite's rest. */
export async function idsBefore(tx: Transaction<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom(uncutTable(tx))
    .select("id")
    .where(oneOf(tx, "id", ids))
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Another key than the one that was claimed. */
export async function moveIds(tx: Transaction<Tables>, moved: readonly Pick<Claimed, "id" | "key">[]): Promise<void> {
  if (moved.length === 0) return;
  const ids = moved.map(({ id }) => uuidOf(id));
  const keys = moved.map(({ key }) => key);
  await sql`update event_ids set key = moved.key from unnest(${ids}::uuid[], ${keys}::bigint[]) as moved (id, key)
    where event_ids.id = moved.id`.execute(tx);
}

/** Of events with one of these as `mailed`. */
export async function keysOfMailed(
  tx: Transaction<Tables>,
  addresses: readonly string[],
  since: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ key: number }>`
    select key from event_ids where ${oneOf(tx, "mailed", addresses.map(digestOfAddress))} and key >= ${since}
    union all select key from events_before where ${oneOf(tx, "mailed", addresses)} and key >= ${since}`.execute(tx);
  return rows.map(({ key }) => key);
}

/** An event that was read again can be about another address than before. */
export async function setAddresses(tx: Transaction<Tables>, event: Claimed): Promise<void> {
  if (dialectOf(tx) === "sqlite") return;
  const { id, mailed, forwarded } = idRowOf(event);
  await tx.updateTable("event_ids").set({ mailed, forwarded }).where("id", "=", id).execute();
}

/** Of an address that is erased, also those whose events are gone. */
export async function forgetAddress({ write, dialect }: Database, address: string): Promise<void> {
  if (dialect === "sqlite") return;
  const digest = digestOfAddress(address);
  await write
    .deleteFrom("event_ids")
    .where((where) => where.or([where("mailed", "=", digest), where("forwarded", "=", digest)]))
    .execute();
}

/** Such an event would be recorded again. */
export async function forgetIds(tx: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  if (dialectOf(tx) === "sqlite") return removeIds(tx, ids);
  await tx
    .deleteFrom("event_ids")
    .where(oneOf(tx, "id", ids.map(uuidOf)))
    .execute();
}

const BATCH = 5000;

/** Of events whose receipt and recording are both longer ago; in ms. */
export async function forgetOldIds(database: Pick<Database, "write" | "dialect">, before: number): Promise<void> {
  const { write, dialect } = database;
  if (dialect === "sqlite") return dropOldIds(database, before);
  for (;;) {
    const { numAffectedRows } = await sql`delete from event_ids where id = any(array(
      select id from event_ids where recorded_at < ${before} and key < ${before * SLOTS} limit ${BATCH}))`.execute(
      write,
    );
    if (Number(numAffectedRows ?? 0) < BATCH) return;
  }
}
