/** Asking the list: the check of the send path, pages, history. */
import { sql, type Kysely, type Selectable, type SqlBool } from "kysely";
import { BANS_FROM, BANS_TO, type Bans } from "../../erasure/ban.ts";
import { QueryError } from "../log/log-query.ts";
import { fold, normalAddress } from "../../addresses/normal-address.ts";
import { searchedDomain } from "../log/rows.ts";
import type {
  AddedOnDay,
  HistoryQuery,
  Scope,
  Suppression,
  SuppressionChange,
  SuppressionCheck,
  SuppressionFilter,
  SuppressionPage,
  SuppressionQuery,
} from "./suppression.ts";
import { dialectOf } from "../db/statements.ts";
import { changeOf, entryOf } from "./table.ts";
import type { SuppressionsTable, Tables } from "../db/tables.ts";

type Db = Kysely<Tables>;
const MAX_LIMIT = 1000;
export const MAX_CHECK = 1000;

export async function checkAddresses(
  db: Db,
  addresses: readonly string[],
  stream: string,
  now: number,
  bans: Bans,
): Promise<readonly SuppressionCheck[]> {
  if (addresses.length > MAX_CHECK) throw new QueryError(`addresses: at most ${MAX_CHECK}`);
  const values = addresses.map(normalAddress);
  const domains = values.map(searchedDomain);
  // A digest of every address costs more than the look-up: only where there is a ban.
  const isAsked = await hasBans(db);
  // "Not suppressed" would be a guess, and nobody would notice.
  if (isAsked && bans.of("") === null)
    throw new Error("bans of erased addresses cannot be checked without their key: give this program BOUNCED_SECRET");
  const named = isAsked ? values.map((value) => bans.namesOf(value)) : [];
  const hashes = (named[0] ?? []).flatMap((_, key) => named.map((names) => names[key] ?? ""));
  const rows = await entriesNamed(db, [...values, ...domains, ...hashes], stream, now);
  const entries = new Map<number, Suppression>();
  for (const row of rows) {
    const at = row.place % values.length;
    const asked = (["address", "domain"] as const)[Math.floor(row.place / values.length)] ?? "hash";
    const known = entries.get(at);
    if (row.scope === asked && (!known || RANK[asked] < RANK[known.scope])) entries.set(at, entryOf(row));
  }
  return addresses.map((address, at) => {
    const entry = entries.get(at) ?? null;
    return { address, suppressed: entry !== null, entry };
  });
}

/** Which of the entries that say so is named. */
const RANK: Readonly<Record<Scope, number>> = { address: 0, hash: 1, domain: 2 };

export async function hasBans(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom("suppressions")
    .select("id")
    .where("value", ">=", BANS_FROM)
    .where("value", "<", BANS_TO)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Those for a stream that have not expired, each with the place of its value, counted from 0. Values are looked up as
 * they come: SQLite takes twice as long with `in`, because it puts them into an order first.
 */
async function entriesNamed(
  db: Db,
  values: readonly string[],
  stream: string,
  now: number,
): Promise<readonly (Selectable<SuppressionsTable> & { readonly place: number })[]> {
  const asked =
    dialectOf(db) === "postgres"
      ? sql`(select value collate "C" as value, ordinality - 1 as key from unnest(${sql.val(values)}::text[]) with ordinality as each (value))`
      : sql`json_each(${JSON.stringify(values)})`;
  const { rows } = await sql<Selectable<SuppressionsTable> & { readonly place: number }>`
    select suppressions.*, asked.key as place from ${asked} as asked cross join suppressions
    where suppressions.value = asked.value and stream in ('', ${stream}) and (expires_at = 0 or expires_at > ${now})`.execute(
    db,
  );
  return rows;
}

export async function findEntries(db: Db, text: string, bans: Bans): Promise<readonly Suppression[]> {
  const value = normalAddress(text);
  const rows = await db
    .selectFrom("suppressions")
    .selectAll()
    .where("value", "in", [value, searchedDomain(value), ...bans.namesOf(value)].filter(Boolean))
    .orderBy("scope")
    .orderBy("stream")
    .execute();
  return rows.map(entryOf);
}

function filtered(db: Db, filter: SuppressionFilter) {
  let query = db.selectFrom("suppressions");
  for (const name of ["scope", "cause", "reason", "stream", "actor"] as const) {
    const values = filter[name];
    if (values && values.length > 0) query = query.where(name, "in", values);
  }
  if (filter.domain && filter.domain.length > 0) query = query.where(isInDomains(filter.domain));
  const part = fold(filter.value).trim();
  if (part) {
    const pattern = `%${part.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where(sql<SqlBool>`value like ${pattern} escape '\\'`);
  }
  for (const [name, operator] of [
    ["from", ">="],
    ["to", "<"],
  ] as const) {
    const text = filter[name];
    if (text === undefined) continue;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw new QueryError(`${name}: not a date: ${JSON.stringify(text.slice(0, 40))}`);
    query = query.where("created_at", operator, at);
  }
  return query;
}

/** Its own entry, and those of its addresses: the end of the value, which no index helps to find. */
const isInDomains = (domains: readonly string[]) =>
  sql<SqlBool>`(${sql.join(
    domains.map((text) => {
      const domain = normalAddress(text);
      const pattern = `%@${domain.replaceAll(/[\\%_]/g, String.raw`\$&`)}`;
      return sql`value = ${domain} or value like ${pattern} escape '\\'`;
    }),
    sql` or `,
  )})`;

export async function listEntries(db: Db, query: SuppressionQuery): Promise<SuppressionPage> {
  const limit = query.limit ?? 50;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new QueryError(`limit: expected 1 to ${MAX_LIMIT}`);
  const direction = query.direction ?? "desc";
  let page = filtered(db, query)
    .selectAll()
    .orderBy("created_at", direction)
    .orderBy("id", direction)
    .limit(limit + 1);
  if (query.cursor !== undefined) {
    const match = /^(\d{1,15})-(\d{1,15})$/.exec(query.cursor);
    if (!match) throw new QueryError("cursor: not one of this query");
    const beyond = sql.raw(direction === "desc" ? "<" : ">");
    page = page.where(sql<SqlBool>`(created_at, id) ${beyond} (${Number(match[1])}, ${Number(match[2])})`);
  }
  const rows = await page.execute();
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    entries: kept.map(entryOf),
    next: rows.length > limit && last ? `${last.created_at}-${last.id}` : null,
  };
}

export async function* iterateEntries(db: Db, filter: SuppressionFilter) {
  let cursor: string | undefined;
  do {
    const page: SuppressionPage = await listEntries(db, { ...filter, direction: "asc", limit: MAX_LIMIT, cursor });
    yield* page.entries;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

export async function countEntries(db: Db, filter: SuppressionFilter): Promise<number> {
  const row = await filtered(db, filter)
    .select(sql<number>`count(*)`.as("count"))
    .executeTakeFirst();
  return row?.count ?? 0;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export async function addedPerDay(db: Db, filter: SuppressionFilter): Promise<readonly AddedOnDay[]> {
  const day = sql<number>`created_at / ${sql.lit(DAY_MS)}`;
  const rows = await filtered(db, filter)
    .select([day.as("day"), sql<number>`count(*)`.as("count")])
    .groupBy(day)
    .orderBy(day)
    .execute();
  return rows.map((row) => ({ day: new Date(row.day * DAY_MS).toISOString().slice(0, 10), count: row.count }));
}

export async function historyOf(
  db: Db,
  { value, stream, domain, limit = 100, before }: HistoryQuery,
  bans: Bans,
): Promise<readonly SuppressionChange[]> {
  let query = db.selectFrom("suppression_changes").selectAll().orderBy("id", "desc").limit(Math.min(limit, MAX_LIMIT));
  if (value !== undefined) {
    const address = normalAddress(value);
    query = query.where("value", "in", [address, ...bans.namesOf(address)]);
  }
  if (stream && stream.length > 0) query = query.where("stream", "in", stream);
  if (domain && domain.length > 0) query = query.where(isInDomains(domain));
  if (before !== undefined) query = query.where("id", "<", before);
  return (await query.execute()).map(changeOf);
}

export async function unpublishedChanges(db: Db, limit: number): Promise<readonly SuppressionChange[]> {
  const rows = await db
    .selectFrom("suppression_changes")
    .selectAll()
    .where("published", "=", 0)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(changeOf);
}
