/**
 * Erasing a person's address: their events and every kept message that names them go; where somebody else's event names
 * the address (a report on several recipients, a sender, a note), it is masked and the event stays.
 */
import { inflateSync } from "node:zlib";
import { sql } from "kysely";
import { eventSchema, type BouncedEvent } from "../../event/event.ts";
import { addressesInMessage, addressesInValue } from "../../erasure/addresses-in.ts";
import type { Bans } from "../../erasure/ban.ts";
import { forgetAddress, setAddresses } from "../days/event-ids.ts";
import { mayName, marksOf } from "../log/address-marks.ts";
import { CODEC, packEvent, unpackEvent } from "../log/body.ts";
import { chunks } from "../db/chunks.ts";
import type { Database } from "../db/database.ts";
import { QueryError } from "../log/log-query.ts";
import { deleteMessages, headsOf } from "../log/raw-messages.ts";
import { deleteEvents } from "../upkeep/retention.ts";
import { normalAddress } from "../../addresses/normal-address.ts";
import { eraseFromAudit, eraseFromList } from "./erase-named.ts";
import { erasePerson } from "./erase-person.ts";
import { eraseFromViews } from "./erase-views.ts";
import { maskText, patternFor } from "./mask-text.ts";
import { rowOf } from "../log/rows.ts";
import { countedOf } from "../rollups/counted-of.ts";
import { updateRollups } from "../rollups/update-rollups.ts";
import { oneOf } from "../db/statements.ts";
import { reindexTexts } from "../texts/index-texts.ts";
import { mergeWholly } from "../upkeep/tidy.ts";
import { partOf, partsWithin } from "../units/parts.ts";
import type { DialectName } from "../db/tables.ts";
import type { Author } from "../suppressions/suppression.ts";

/** Rows looked at in one query. */
const AT_A_TIME = 500;
/** However long ago. */
const WHOLE = { from: null, to: null };
/** How long the answer waits for the text indexes to drop what was deleted. */
const MERGE_MS = 20_000;

export interface Erased {
  readonly events: number;
  /** Events of others in which the address was masked. */
  readonly masked: number;
  readonly rawMessages: number;
  readonly suppressions: number;
  /** Rows of the list's history. */
  readonly changes: number;
  /** Notes of other entries in which the address was masked. */
  readonly notes: number;
}

/** More than is an address today: what old mail called one can be erased too. */
export const isErasable = (text: string): boolean => /^[^\s@][^\s]*@[^\s@]+$/.test(normalAddress(text));

/** Everything in the database. What waits on queues is `eraseJobs` of src/queues. */
export async function eraseAddress(
  database: Database,
  text: string,
  now: number,
  bans: Bans,
  ban: Author | undefined,
): Promise<Erased> {
  const address = normalAddress(text);
  const digest = ban ? bans.of(address) : null;
  if (ban && digest === null) throw new QueryError("ban: there is no key to make a digest with (BOUNCED_SECRET)");
  if (!isErasable(address)) throw new QueryError("address: expected an address");
  const messages = new Set<string>();
  for await (const { message } of candidatesFor(database, address)) messages.add(message);
  const counts = { events: 0, masked: 0, rawMessages: 0 };
  const keys: number[] = [];
  for (const some of chunks([...messages])) {
    const rows = await rowsOfMessages(database, some);
    counts.rawMessages += await deleteRaw(database, rows, address);
    keys.push(...rows.map(({ key }) => key));
    const own = rows.filter(({ event }) => isAbout(event, address));
    for (const batch of chunks(own)) counts.rawMessages += await deleteEvents(database, batch, { isForgotten: true });
    counts.events += own.length;
    for (const row of rows) if (!own.includes(row) && (await maskEvent(database, row, address))) counts.masked++;
  }
  const list = await eraseFromList(database, address, now, ban && digest ? { ...ban, digest } : null);
  await eraseFromViews(database, address);
  await erasePerson(database, address);
  await forgetAddress(database, address);
  await eraseFromAudit(database, address, bans);
  if (database.dialect === "sqlite") await wipe(database, keys);
  return { ...counts, ...list };
}

interface Row {
  readonly key: number;
  readonly id: string;
  readonly message: string;
  readonly recorded_at: number;
  readonly event: BouncedEvent;
}

/** Events that may name it: by their marks; those of older versions, which have none, all. */
async function* candidatesFor({ read, dialect }: Database, address: string): AsyncGenerator<{ message: string }> {
  for (const part of await partsWithin(read, WHOLE)) yield* candidatesIn(part, dialect, address);
}

async function* candidatesIn(
  db: Database["read"],
  dialect: DialectName,
  address: string,
): AsyncGenerator<{ message: string }> {
  for (let after = -1; ;) {
    // Trust: all, an address is erased from whatever names it.
    const rows: readonly { key: number; message: string }[] = await db
      .selectFrom("events")
      .leftJoin("event_addresses", "event_addresses.key", "events.key")
      .select(["events.key", "events.message"])
      .where("events.key", ">", after)
      .where((where) => where.or([where("event_addresses.key", "is", null), mayName(dialect, address)]))
      .orderBy("events.key")
      .limit(AT_A_TIME)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < AT_A_TIME) return;
    after = last.key;
  }
}

async function rowsOfMessages({ read }: Database, messages: readonly string[]): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const part of await partsWithin(read, WHOLE)) {
    // Trust: all, an address is erased from whatever names it.
    const rows = await part
      .selectFrom("events")
      .innerJoin("event_bodies", "event_bodies.key", "events.key")
      .select(["events.key", "events.id", "events.message", "events.recorded_at"])
      .select(["event_bodies.codec", "event_bodies.body"])
      .where(oneOf(part, "events.message", messages))
      .execute();
    found.push(...rows.map(({ codec, body, ...row }) => ({ ...row, event: unpackEvent(codec, body) })));
  }
  return found;
}

/** Its recipient, or, where there is none, who wrote it. */
function isAbout({ recipient, returnPath, message, original }: BouncedEvent, address: string): boolean {
  const is = (text: string | null | undefined): boolean => addressesInValue(text).has(address);
  const about = [recipient.mailed, recipient.address, recipient.original, returnPath?.recipient];
  if (about.some(is)) return true;
  return about.every((one) => !one) && (is(message.from) || is(message.envelope.reversePath) || is(original.from));
}

/** The messages of these events that name the address, or whose event does. */
async function deleteRaw({ write }: Database, rows: readonly Row[], address: string): Promise<number> {
  const heads = await headsOf(
    write,
    rows.map(({ key }) => key),
  );
  const raw = [...new Map(heads.map((head) => [head.key, head])).values()];
  const named = new Set(rows.filter(({ event }) => names(event, address)).map(({ message }) => message));
  const keys = raw
    .filter(({ sha256, raw: head }) => named.has(sha256) || addressesInMessage(inflateSync(head)).has(address))
    .map(({ key }) => key);
  return write.transaction().execute((tx) => deleteMessages(tx, keys));
}

const names = (event: BouncedEvent, address: string): boolean =>
  JSON.stringify(maskIn(event, address)) !== JSON.stringify(event);

/** False where the event does not hold the address. */
async function maskEvent({ write }: Database, { key, id, recorded_at, event }: Row, address: string): Promise<boolean> {
  const clean = maskIn(event, address);
  return write.transaction().execute(async (tx) => {
    const isSame = JSON.stringify(clean) === JSON.stringify(event);
    const older = await tx.selectFrom("verdicts").select(["id", "codec", "body"]).where("event_id", "=", id).execute();
    for (const verdict of older)
      if (names(unpackEvent(verdict.codec, verdict.body), address))
        await tx.deleteFrom("verdicts").where("id", "=", verdict.id).execute();
    if (isSame) return false;
    const { key: _key, id: _id, ...columns } = rowOf(clean, recorded_at);
    const before = await countedOf(tx, key, id);
    if (!before) return false;
    const rows = await partOf(tx, key);
    // Trust: all, an erased address goes from every event.
    await rows.updateTable("events").set(columns).where("key", "=", key).execute();
    await setAddresses(tx, { ...columns, id, key });
    await reindexTexts(tx, [key]);
    await rows
      .updateTable("event_bodies")
      .set({ codec: CODEC, body: packEvent(clean) })
      .where("key", "=", key)
      .execute();
    await rows
      .updateTable("event_addresses")
      .set({ hashes: marksOf(clean), unread: 0 })
      .where("key", "=", key)
      .execute();
    await updateRollups(tx, { removed: [before], added: [columns] });
    return true;
  });
}

function maskIn(event: BouncedEvent, address: string): BouncedEvent {
  const pattern = patternFor(address);
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return maskText(value, address, pattern);
    if (Array.isArray(value)) return value.map(mask);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mask(inner)]));
  };
  return eventSchema.parse(mask(event));
}

/** Deleted rows are overwritten at once (`secure_delete`); here go what the text indexes and the WAL still hold. */
async function wipe(database: Database, keys: readonly number[]): Promise<void> {
  const deadline = performance.now() + MERGE_MS;
  await mergeWholly(database, keys, () => performance.now() < deadline);
  await sql`pragma wal_checkpoint(truncate)`.execute(database.write);
}
