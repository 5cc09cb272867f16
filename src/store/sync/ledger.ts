/** The ledger of what sending providers should have on their lists, over the database. */
import { sql, type Selectable } from "kysely";
import { chunks } from "../db/chunks.ts";
import type { Database } from "../db/database.ts";
import { insertAll } from "../db/statements.ts";
import type { SyncItemsTable, SyncTargetsTable } from "../db/tables.ts";
import type { Cause } from "../suppressions/suppression.ts";
import type { ItemState, SyncItem, SyncLedger, SyncTarget, SyncWish, TargetNote, Wish } from "./sync-item.ts";

const HOUR_MS = 3_600_000;
const isoOrNull = (at: number): string | null => (at === 0 ? null : new Date(at).toISOString());

const targetOf = (row: Selectable<SyncTargetsTable>): SyncTarget => ({
  name: row.name,
  cursor: row.cursor,
  followedAt: isoOrNull(row.followed_at),
  comparedAt: isoOrNull(row.compared_at),
  pushedAt: isoOrNull(row.pushed_at),
  error: row.error,
  errorAt: isoOrNull(row.error_at),
  pausedUntil: isoOrNull(row.paused_until),
});

const itemOf = (row: Selectable<SyncItemsTable>): SyncItem => ({
  value: row.value,
  wanted: row.wanted as Wish,
  cause: row.cause as Cause,
  reason: row.reason,
  state: row.state as ItemState,
  attempts: row.attempts,
  error: row.error,
  updatedAt: new Date(row.updated_at).toISOString(),
});

const REPLACED = ["wanted", "cause", "reason", "state", "attempts", "error", "updated_at"];
const OR_REPLACE = `on conflict (target, value) do update set ${REPLACED.map((name) => `${name} = excluded.${name}`).join(", ")}`;
const MAX_ERROR = 300;

export function syncLedgerOf({ read, quick, write }: Database, now: () => number): SyncLedger {
  const ledger: SyncLedger = {
    async target(name) {
      const row = await write.selectFrom("sync_targets").selectAll().where("name", "=", name).executeTakeFirst();
      return row ? targetOf(row) : null;
    },
    async begin(name, cursor) {
      await write
        .insertInto("sync_targets")
        .values({ ...NEW_TARGET, name, cursor, followed_at: now() })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .execute();
      const target = await ledger.target(name);
      if (!target) throw new Error(`the state of ${name} was not written`);
      return target;
    },
    async note(name, note) {
      await write.updateTable("sync_targets").set(columnsOf(note, now())).where("name", "=", name).execute();
    },
    async hold(name, holder, ms) {
      const result = await write
        .updateTable("sync_targets")
        .set({ holder, held_until: now() + ms })
        .where("name", "=", name)
        .where((is) => is.or([is("holder", "=", holder), is("held_until", "<", now())]))
        .executeTakeFirst();
      return Number(result.numUpdatedRows) === 1;
    },
    async release(name, holder) {
      await write
        .updateTable("sync_targets")
        .set({ holder: "", held_until: 0 })
        .where("name", "=", name)
        .where("holder", "=", holder)
        .execute();
    },
    wish: (name, wishes, cursor, maxRemovals) =>
      write.transaction().execute(async (tx) => {
        const { count } = await tx
          .selectFrom("sync_items")
          .select(sql<number>`count(*)`.as("count"))
          .where("target", "=", name)
          .where("wanted", "=", "remove")
          .where("state", "!=", "held")
          .where("updated_at", ">", now() - HOUR_MS)
          .executeTakeFirstOrThrow();
        let allowed = Math.max(0, maxRemovals - count);
        const rows = wishes.map((wish) => rowOf(name, wish, wish.wanted === "add" || allowed-- > 0, now()));
        await insertAll(tx, "sync_items", rows, OR_REPLACE);
        await tx.updateTable("sync_targets").set({ cursor, followed_at: now() }).where("name", "=", name).execute();
      }),
    async due(name, wanted, limit) {
      const rows = await write
        .selectFrom("sync_items")
        .selectAll()
        .where("target", "=", name)
        .where("state", "=", "pending")
        .where("wanted", "=", wanted)
        .orderBy("updated_at")
        .limit(limit)
        .execute();
      return rows.map(itemOf);
    },
    settle: (name, results) =>
      write.transaction().execute(async (tx) => {
        for (const { item, error, isRefused } of results)
          await tx
            .updateTable("sync_items")
            .set({
              state: error === "" ? "done" : isRefused ? "refused" : "pending",
              attempts: item.attempts + 1,
              error: error.slice(0, MAX_ERROR),
              updated_at: now(),
            })
            .where("target", "=", name)
            .where("value", "=", item.value)
            .where("wanted", "=", item.wanted)
            .where("updated_at", "=", Date.parse(item.updatedAt))
            .execute();
      }),
    async counts(name) {
      const rows = await read
        .selectFrom("sync_items")
        .select(["state", sql<number>`count(*)`.as("count")])
        .where("target", "=", name)
        .where("state", "in", ["pending", "held", "refused"])
        .groupBy("state")
        .execute();
      const countOf = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0;
      return { pending: countOf("pending"), held: countOf("held"), refused: countOf("refused") };
    },
    async open(name, limit) {
      const rows = await read
        .selectFrom("sync_items")
        .selectAll()
        .where("target", "=", name)
        .where("state", "in", ["pending", "held", "refused"])
        .orderBy("updated_at", "desc")
        .limit(limit)
        .execute();
      return rows.map(itemOf);
    },
    async of(value) {
      const rows = await quick
        .selectFrom("sync_items")
        .selectAll()
        .where("value", "=", value)
        .orderBy("target")
        .execute();
      return rows.map((row) => ({ ...itemOf(row), target: row.target }));
    },
    async confirm(name) {
      const result = await write
        .updateTable("sync_items")
        .set({ state: "pending", updated_at: now() })
        .where("target", "=", name)
        .where("state", "=", "held")
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },
    async wanted(name, after, limit) {
      const rows = await read
        .selectFrom("sync_items")
        .select("value")
        .where("target", "=", name)
        .where("wanted", "=", "add")
        .where("value", ">", after)
        .orderBy("value")
        .limit(limit)
        .execute();
      return rows.map(({ value }) => value);
    },
    async removals(values) {
      const found = new Map<string, number>();
      for (const some of chunks(values)) {
        const rows = await write
          .selectFrom("suppression_changes")
          .select(["value", "at", "after"])
          .where("value", "in", some)
          .where("scope", "=", "address")
          .where("stream", "=", "")
          .where("action", "!=", "cleared")
          .orderBy("id")
          .execute();
        // The newest is the last.
        for (const { value, at, after } of rows) {
          if (after === "") found.set(value, at);
          else found.delete(value);
        }
      }
      return found;
    },
  };
  return ledger;
}

const NEW_TARGET = {
  followed_at: 0,
  compared_at: 0,
  pushed_at: 0,
  error: "",
  error_at: 0,
  paused_until: 0,
  holder: "",
  held_until: 0,
} as const;

const columnsOf = ({ followedAt, comparedAt, pushedAt, error, pausedUntil }: TargetNote, at: number) => ({
  ...(followedAt === undefined ? {} : { followed_at: followedAt }),
  ...(comparedAt === undefined ? {} : { compared_at: comparedAt }),
  ...(pushedAt === undefined ? {} : { pushed_at: pushedAt }),
  ...(error === undefined ? {} : { error: error.slice(0, MAX_ERROR), error_at: error === "" ? 0 : at }),
  ...(pausedUntil === undefined ? {} : { paused_until: pausedUntil }),
});

const rowOf = (target: string, { value, wanted, cause, reason }: SyncWish, isAllowed: boolean, at: number) => ({
  target,
  value,
  wanted,
  cause,
  reason,
  state: isAllowed ? "pending" : "held",
  attempts: 0,
  error: "",
  updated_at: at,
});
