/**
 * The changes of the list in the order in which they were made, for whoever keeps a copy of it: a cursor names a place
 * in that order. An erasure takes changes out without a trace, so it ends every cursor: copies then start from a dump.
 */
import type { Kysely } from "kysely";
import { QueryError } from "../log/log-query.ts";
import type { Tables } from "../db/tables.ts";
import { epochOf } from "./order.ts";
import type { ChangePage } from "./suppression.ts";
import { changeOf } from "./table.ts";

const MAX_LIMIT = 1000;

/** What a cursor names cannot be continued: the address was erased, or the database is another one. */
export class CursorGone extends QueryError {
  override name = "CursorGone";
}

/** The place after the newest change. */
export async function cursorNow(read: Kysely<Tables>, write: Kysely<Tables>, now: number): Promise<string> {
  const epoch = await epochOf(read, write, now);
  return `${epoch}.${await newestId(read)}`;
}

async function newestId(db: Kysely<Tables>): Promise<number> {
  const row = await db.selectFrom("suppression_changes").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

/** Oldest first. Throws CursorGone where there is no way on from the cursor. */
export async function changesAfter(
  read: Kysely<Tables>,
  write: Kysely<Tables>,
  { after, limit = 500 }: { readonly after: string; readonly limit?: number },
  now: number,
): Promise<ChangePage> {
  const match = /^([0-9a-f-]{36})\.(\d{1,15})$/.exec(after);
  if (!match) throw new QueryError("after: not a cursor of this list");
  const [, epoch, id] = match;
  const gone = (): CursorGone =>
    new CursorGone("after: this cursor cannot be continued, an address was erased since: fetch the list again");
  if (epoch !== (await epochOf(read, write, now))) throw gone();
  const wanted = Math.min(limit, MAX_LIMIT);
  const rows = await read
    .selectFrom("suppression_changes")
    .selectAll()
    .where("id", ">", Number(id))
    .orderBy("id")
    .limit(wanted + 1)
    .execute();
  // Of a backup that knows less than the cursor.
  if (rows.length === 0 && (await newestId(read)) < Number(id)) throw gone();
  const changes = rows.slice(0, wanted).map(changeOf);
  return { changes, next: `${epoch}.${changes.at(-1)?.id ?? id}`, more: rows.length > wanted };
}
