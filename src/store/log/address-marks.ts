/**
 * Which events name an address: four octets of a digest for each address of an event, and with the first event of a
 * message those of the message. A row for each event, in the order of the log: written at the end of the table, where an
 * index by address would touch a page for each. Erasing reads all of them; what it finds it looks at.
 *
 * A short message is read when its events are written. A long one costs more than that: it is read while nothing is
 * written. Until then its row is `unread`, and erasing looks at the message itself.
 */
import { inflateSync } from "node:zlib";
import { sql, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import type { BouncedEvent } from "../../event/event.ts";
import { addressesInMessage, addressesInValue } from "../../erasure/addresses-in.ts";
import type { Database } from "../db/database.ts";
import { headsOf } from "./raw-messages.ts";
import { partsOfKeys, type KeyPart } from "../units/parts.ts";
import { dialectOf, oneOf } from "../db/statements.ts";
import type { DialectName, Tables } from "../db/tables.ts";

const OCTETS = 4;
/** An event with more than that is marked as naming everybody: erasing looks at it each time. */
const MOST = 1000;
const EVERYBODY = Buffer.alloc(OCTETS, 0xff);
/** Messages read in one go. */
const AT_A_TIME = 64;

export const marksOf = (event: BouncedEvent): Buffer => packed(addressesInValue(event));

/** Packed octets of a message that is read at once. */
const SHORT = 8 * 1024;

/** Of an event and the message that it came from; null for a message that is to be read later. */
export const marksOfBoth = (event: BouncedEvent, raw: Uint8Array): Buffer | null =>
  raw.length > SHORT ? null : packed(addressesInMessage(inflateSync(raw, AT_ONCE), addressesInValue(event)));

/** The kept head of a message is bounded; what was packed out of little may still be much. */
const AT_ONCE = { chunkSize: 4000 } as const;

/** Those of an event that was read anew, with what was known of it before. */
export const mergedMarks = (before: Uint8Array, event: BouncedEvent): Buffer => Buffer.concat([before, marksOf(event)]);

/** For rows whose marks may be those of the address, or are not complete. */
export function mayName(dialect: DialectName, address: string): RawBuilder<SqlBool> {
  const hashes = sql.ref("event_addresses.hashes");
  const has = (mark: Buffer): RawBuilder<SqlBool> =>
    dialect === "sqlite" ? sql`instr(${hashes}, ${mark}) > 0` : sql`position(${mark}::bytea in ${hashes}) > 0`;
  return sql`(${has(packed(new Set([address])))} or ${has(EVERYBODY)} or ${sql.ref("event_addresses.unread")} = 1)`;
}

/** Completes the marks of unread messages, oldest first; false if `mayGoOn` ended it before all was done. */
export async function readUnread({ read, write }: Database, mayGoOn: () => boolean): Promise<boolean> {
  for (;;) {
    if (!mayGoOn()) return false;
    const rows = await read
      .selectFrom("event_addresses")
      .select(["key", "hashes"])
      .where(sql<SqlBool>`unread = 1`)
      .orderBy("key")
      .limit(AT_A_TIME)
      .execute();
    if (rows.length === 0) return true;
    const keys = rows.map(({ key }) => key);
    const rawOfKey = new Map((await headsOf(read, keys)).map(({ event, raw }) => [event, raw]));
    const complete = rows.map(({ key, hashes }): Completed => {
      const raw = rawOfKey.get(key);
      const all = raw ? [hashes, packed(addressesInMessage(inflateSync(raw)))] : [hashes];
      return [key, Buffer.concat(all).toString("hex")];
    });
    for (const part of await partsOfKeys(write, keys)) await completed(part, JSON.stringify(complete)).execute(part.db);
  }
}

/** Key and marks, hexadecimal. */
type Completed = readonly [number, string];

/** All in one statement, whose text is always the same. A row that was deleted meanwhile stays deleted. */
const completed = ({ db, keys }: KeyPart<Kysely<Tables>>, rows: string): RawBuilder<unknown> =>
  dialectOf(db) === "sqlite"
    ? sql`update ${sql.table("event_addresses")} set hashes = unhex(done.value ->> 1), unread = 0
        from json_each(${rows}) as done where ${sql.ref("event_addresses.key")} = done.value ->> 0`
    : sql`update event_addresses set hashes = decode(done ->> 1, 'hex'), unread = 0
        from jsonb_array_elements(${rows}::jsonb) as done
        where event_addresses.key = (done ->> 0)::bigint and ${oneOf(db, "event_addresses.key", keys)}`;

function packed(addresses: ReadonlySet<string>): Buffer {
  if (addresses.size > MOST) return EVERYBODY;
  const marks = Buffer.allocUnsafe(addresses.size * OCTETS);
  let at = 0;
  for (const address of addresses) at = marks.writeUInt32LE(digestOf(address), at);
  return marks;
}

/** FNV-1a: what collides is looked at and found to be another address. */
function digestOf(address: string): number {
  let digest = 0x811c9dc5;
  for (let at = 0; at < address.length; at++) digest = Math.imul(digest ^ address.charCodeAt(at), 0x01000193);
  return digest >>> 0;
}
