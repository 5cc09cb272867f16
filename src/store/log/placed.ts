/** Where the events of an address are, on PostgreSQL: it is in few of the days, and each that is opened costs time. */
import { sql, type Kysely, type SqlBool } from "kysely";
import { fold, normalAddress } from "../../addresses/normal-address.ts";
import { digestOfAddress } from "../days/event-ids.ts";
import { cancelledBy } from "../db/cancelled-by.ts";
import { dialectOf, oneOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { exact, keySpanOf, rangeOf, type PlacedFilter } from "./where.ts";

/** Of an address with more, each day has an index. */
const MOST_KEYS = 1000;

/** A filter with the keys of all events that can match it, where it asks for addresses that have few. */
export async function placed<Filter extends PlacedFilter>(
  db: Kysely<Tables>,
  filter: Filter,
  signal?: AbortSignal,
): Promise<Filter & PlacedFilter> {
  const addresses = (filter.address ?? []).map(fold);
  if (dialectOf(db) === "sqlite" || filter.keys || addresses.length === 0) return filter;
  const { from, to } = keySpanOf(rangeOf(filter));
  const within = (key: string) => sql<SqlBool>`${sql.ref(key)} >= ${from ?? 0}
    and ${sql.ref(key)} < ${to ?? Number.MAX_SAFE_INTEGER}`;
  // Trust: all, unless the filter asks for an authenticity.
  const before = db
    .selectFrom("events_before as events")
    .select("events.key")
    .where((builder) => builder.and([...exact({ address: filter.address }), within("events.key")]));
  const { rows } = await sql<{ key: number }>`
    select key from event_ids where ${oneOf(db, "mailed", addresses.map(normalAddress).map(digestOfAddress))} and ${within("key")}
    union all select key from event_ids where ${oneOf(db, "forwarded", addresses.map(digestOfAddress))} and ${within("key")}
    union all ${before} limit ${MOST_KEYS + 1}`.execute(db, cancelledBy(signal));
  return rows.length > MOST_KEYS ? filter : { ...filter, keys: [...new Set(rows.map(({ key }) => key))] };
}
