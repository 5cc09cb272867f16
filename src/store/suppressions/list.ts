/** The suppression list over the database. */
import type { Transaction } from "kysely";
import type { Bans } from "../../erasure/ban.ts";
import type { Database } from "../db/database.ts";
import { chunks } from "../db/chunks.ts";
import type { SuppressionSettings } from "../settings.ts";
import type { Suppressions } from "./suppression.ts";
import { changesAfter, cursorNow } from "./changes.ts";
import { dryRun } from "./dry-run.ts";
import { addEntries, clearCounts, expireEntries, removeEntries, undoChange } from "./edit.ts";
import {
  addedPerDay,
  checkAddresses,
  countEntries,
  findEntries,
  historyOf,
  iterateEntries,
  listEntries,
  unpublishedChanges,
} from "./read.ts";
import type { Tables } from "../db/tables.ts";

const EXPIRED_AT_A_TIME = 500;

export function suppressionsOf(
  database: Database,
  settings: SuppressionSettings,
  now: () => number,
  bans: Bans,
): Suppressions {
  const { read, quick, write } = database;
  const inTransaction = <Result>(work: (tx: Transaction<Tables>) => Promise<Result>): Promise<Result> =>
    write.transaction().execute(work);
  return {
    check: (addresses, stream = "") => checkAddresses(quick, addresses, stream, now(), bans),
    find: (value) => findEntries(quick, value, bans),
    list: (query) => listEntries(read, query),
    count: (filter) => countEntries(read, filter),
    addedPerDay: (filter) => addedPerDay(read, filter),
    iterate: (filter) => iterateEntries(read, filter),
    add: (entries, author, options = {}) => inTransaction((tx) => addEntries(tx, entries, author, now(), options)),
    remove: (names, author) => inTransaction((tx) => removeEntries(tx, names, author, now(), bans)),
    clear: (addresses, author) => inTransaction((tx) => clearCounts(tx, addresses, author, now())),
    history: (query) => historyOf(read, query, bans),
    undo: (id, author) => inTransaction((tx) => undoChange(tx, id, author, now())),
    async expire() {
      let expired = 0;
      for (;;) {
        const some = await inTransaction((tx) => expireEntries(tx, now(), EXPIRED_AT_A_TIME));
        expired += some.length;
        if (some.length < EXPIRED_AT_A_TIME) return expired;
      }
    },
    cursor: () => cursorNow(quick, write, now()),
    changes: (query) => changesAfter(quick, write, query, now()),
    dryRun: (period, policy = settings) => dryRun(database, period, policy, now()),
    unpublished: (limit = 500) => unpublishedChanges(read, limit),
    async markPublished(ids) {
      for (const some of chunks(ids))
        await write.updateTable("suppression_changes").set({ published: 1 }).where("id", "in", some).execute();
    },
  };
}
