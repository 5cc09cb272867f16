/** Asking the list: the check of the send path, pages, history. */
import { sql, type Kysely, type SqlBool } from "kysely";
import { QueryError } from "./log-query.ts";
import { domainOf, fold, normalAddress } from "./rows.ts";
import type {
  AddedOnDay,
  HistoryQuery,
  Suppression,
  SuppressionChange,
  SuppressionCheck,
  SuppressionFilter,
  SuppressionPage,
  SuppressionQuery,
} from "./suppression.ts";
import { oneOf } from "./statements.ts";
import { changeOf, entryOf } from "./suppression-table.ts";
import type { Tables } from "./tables.ts";

type Db = Kysely<Tables>;
const MAX_LIMIT = 1000;
export const MAX_CHECK = 1000;

export async function checkAddresses(
  db: Db,
  addresses: readonly string[],
  stream: string,
  now: number,
): Promise<readonly SuppressionCheck[]> {
  if (addresses.length > MAX_CHECK) throw new QueryError(`addresses: at most ${MAX_CHECK}`);
  const values = addresses.map(normalAddress);
  const domains = values.map(domainOf);
  const wanted = new Set(values);
  for (const domain of domains) if (domain) wanted.add(domain);
  const rows = await db
    .selectFrom("suppressions")
    .selectAll()
    .where(oneOf(db, "value", [...wanted]))
    .where("stream", "in", ["", stream])
    .where((builder) => builder.or([builder("expires_at", "=", 0), builder("expires_at", ">", now)]))
    .execute();
  const found = { address: new Map<string, Suppression>(), domain: new Map<string, Suppression>() };
  for (const row of rows.map(entryOf)) found[row.scope].set(row.value, row);
  return addresses.map((address, at) => {
    const entry = found.address.get(values[at] ?? "") ?? found.domain.get(domains[at] ?? "") ?? null;
    return { address, suppressed: entry !== null, entry };
  });
}

export async function findEntries(db: Db, text: string): Promise<readonly Suppression[]> {
  const value = normalAddress(text);
  const rows = await db
    .selectFrom("suppressions")
    .selectAll()
    .where("value", "in", [value, domainOf(value)].filter(Boolean))
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
  { value, limit = 100, before }: HistoryQuery,
): Promise<readonly SuppressionChange[]> {
  let query = db.selectFrom("suppression_changes").selectAll().orderBy("id", "desc").limit(Math.min(limit, MAX_LIMIT));
  if (value !== undefined) query = query.where("value", "=", normalAddress(value));
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
