/** The audit log over the database. Entries are added, never edited: a trigger refuses it. */
import { sql, type Kysely, type Selectable, type SqlBool } from "kysely";
import type { Bans } from "../../erasure/ban.ts";
import { fold, normalAddress } from "../../addresses/normal-address.ts";
import type { Database } from "../db/database.ts";
import type { AuditTable, Tables } from "../db/tables.ts";
import type { AuditAct, AuditAction, AuditEntry, AuditFilter, AuditLog, AuditOutcome, AuditSettings } from "./audit.ts";

const MAX_TEXT = 500;
const PAGE = 500;
const DAY_MS = 86_400_000;
/** Rows deleted in one statement. */
const BATCH = 500;

export function auditLogOf({ read, write, assertWhole }: Database, now: () => number, bans: Bans): AuditLog {
  return {
    async add(act) {
      assertWhole();
      const { id } = await write
        .insertInto("audit")
        .values(rowOf(act, now(), bans))
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    },
    async end(id, outcome) {
      await write.updateTable("audit").set({ outcome }).where("id", "=", id).where("outcome", "=", "begun").execute();
    },
    search: ({ limit, before, ...filter }) => pageOf(read, filter, before, limit),
    async *iterate(filter) {
      for (let before: number | undefined; ;) {
        const some = await pageOf(read, filter, before, PAGE);
        yield* some;
        before = some.at(-1)?.id;
        if (some.length < PAGE) return;
      }
    },
  };
}

/** Removes what is older than the setting says, and the oldest beyond their number, in small batches. */
export async function expireAudit(
  { write }: Database,
  { retentionDays, maxEntries }: AuditSettings,
  now: number,
): Promise<void> {
  const old = now - retentionDays * DAY_MS;
  const beyond = await write
    .selectFrom("audit")
    .select("id")
    .orderBy("id", "desc")
    .offset(maxEntries)
    .limit(1)
    .executeTakeFirst();
  for (;;) {
    const { numDeletedRows } = await write
      .deleteFrom("audit")
      .where(
        "id",
        "in",
        write
          .selectFrom("audit")
          .select("id")
          .where((where) => where.or([where("at", "<", old), ...(beyond ? [where("id", "<=", beyond.id)] : [])]))
          .orderBy("id")
          .limit(BATCH),
      )
      .executeTakeFirst();
    if (Number(numDeletedRows) < BATCH) return;
  }
}

function rowOf(act: AuditAct, at: number, bans: Bans) {
  const { action, actor, actorId, detail, address, requestId, outcome } = act;
  const target = action === "erasure" ? erasedName(bans, act.target) : act.target;
  return {
    at,
    action,
    actor: cut(actor),
    actor_id: cut(actorId),
    target: cut(target),
    detail: cut(detail),
    address: cut(address),
    request_id: cut(requestId),
    outcome,
  };
}

/** What stands in the place of an erased address. */
export const erasedName = (bans: Bans, address: string): string => bans.of(normalAddress(address)) ?? "erased";

/**
 * Somebody pastes a key into a note, and it is a key no more that only its owner has: of our tokens the id stays, of a
 * URL with a password the rest.
 */
const withoutKeys = (text: string): string =>
  text
    .replaceAll(/\bbnc_([a-z0-9]{8})_[\w-]+/g, "bnc_$1_***")
    .replaceAll(/\bBearer\s+(?!bnc_)[\w.~+/=-]{8,}/gi, "Bearer ***")
    .replaceAll(/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/]{0,200}):[^\s@/]{1,200}@/gi, "$1:***@");

/** PostgreSQL takes no NUL, and what moves the writing about on a screen or in a terminal says something else there. */
const cut = (text: string): string => {
  const clean = withoutKeys(text)
    .replaceAll("\0", "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, "\u{FFFD}")
    .toWellFormed();
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1).toWellFormed()}…` : clean;
};

async function pageOf(
  db: Kysely<Tables>,
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
): Promise<readonly AuditEntry[]> {
  let query = db.selectFrom("audit").selectAll();
  const { action, outcome, actor, text, from, to } = filter;
  if (action && action.length > 0) query = query.where("action", "in", action);
  if (outcome && outcome.length > 0) query = query.where("outcome", "in", outcome);
  if (actor) query = query.where(contains(["actor", "actor_id"], actor));
  if (text) query = query.where(contains(["target", "detail"], text));
  if (from) query = query.where("at", ">=", Date.parse(from));
  if (to) query = query.where("at", "<", Date.parse(to));
  if (before !== undefined) query = query.where("id", "<", before);
  const rows = await query.orderBy("id", "desc").limit(limit).execute();
  return rows.map(entryOf);
}

const contains = (columns: readonly string[], part: string) => {
  const pattern = `%${fold(part).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<SqlBool>`(${sql.join(
    columns.map((column) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`),
    sql` or `,
  )})`;
};

const entryOf = (row: Selectable<AuditTable>): AuditEntry => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  action: row.action as AuditAction,
  actor: row.actor,
  actorId: row.actor_id,
  target: row.target,
  detail: row.detail,
  address: row.address,
  requestId: row.request_id,
  outcome: row.outcome as AuditOutcome,
});
