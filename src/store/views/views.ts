/** Saved views, over the database. */
import { randomBytes } from "node:crypto";
import { sql, type Selectable } from "kysely";
import type { Database } from "../db/database.ts";
import { insertAll } from "../db/statements.ts";
import type { SavedViewsTable } from "../db/tables.ts";
import { QueryError } from "../log/log-query.ts";
import { lastDue } from "./mail-week.ts";
import {
  viewAlertSchema,
  viewMailSchema,
  type SavedView,
  type SavedViews,
  type ViewContent,
  type ViewPage,
} from "./saved-view.ts";

/** Each may be counted every few minutes. */
const MOST_VIEWS = 200;

const isoOrNull = (at: number): string | null => (at === 0 ? null : new Date(at).toISOString());

export const viewOfRow = (row: Selectable<SavedViewsTable>): SavedView => ({
  id: row.id,
  name: row.name,
  page: row.page as ViewPage,
  query: row.query,
  // What another version wrote, and this one cannot read, is off: one row must not hide all.
  alert: row.alert === "" ? null : (viewAlertSchema.safeParse(JSON.parse(row.alert)).data ?? null),
  mail: row.mail === "" ? null : (viewMailSchema.safeParse(JSON.parse(row.mail)).data ?? null),
  actor: row.actor,
  createdAt: new Date(row.created_at).toISOString(),
  updatedAt: new Date(row.updated_at).toISOString(),
  alertSince: row.alert_open === "" ? null : (JSON.parse(row.alert_open) as { at: string }).at,
  mailSentAt: isoOrNull(row.mail_sent_at),
  mailError: row.mail_error,
});

const textOf = (settings: object | null): string => (settings === null ? "" : JSON.stringify(settings));

export function savedViewsOf({ read, write }: Pick<Database, "read" | "write">, now: () => number): SavedViews {
  const views: SavedViews = {
    async list() {
      const rows = await read.selectFrom("saved_views").selectAll().orderBy("name").orderBy("id").execute();
      return rows.map(viewOfRow);
    },
    async get(id) {
      const row = await write.selectFrom("saved_views").selectAll().where("id", "=", id).executeTakeFirst();
      return row ? viewOfRow(row) : null;
    },
    async create({ name, page, query, alert, mail }, actor) {
      const { count } = await write
        .selectFrom("saved_views")
        .select(sql<number>`count(*)`.as("count"))
        .executeTakeFirstOrThrow();
      if (count >= MOST_VIEWS) throw new QueryError(`there are ${MOST_VIEWS} saved views: remove one first`);
      const id = randomBytes(8).toString("hex");
      const at = now();
      const row = {
        ...NEW_VIEW,
        id,
        name,
        page,
        query,
        actor,
        created_at: at,
        updated_at: at,
        alert: textOf(alert),
        mail: textOf(mail),
        mail_due: mail ? lastDue(mail, at) : 0,
      };
      const made = await insertAll<{ id: string }>(
        write,
        "saved_views",
        [row],
        "on conflict (name) do nothing returning id",
      );
      if (made.length === 0) throw taken(name);
      return viewOfRow(row);
    },
    async update(id, changes) {
      const before = await views.get(id);
      if (!before) return null;
      const { name, page, query, alert, mail }: ViewContent = { ...before, ...changes };
      const other = await write
        .selectFrom("saved_views")
        .select("id")
        .where("name", "=", name)
        .where("id", "!=", id)
        .executeTakeFirst();
      if (other) throw taken(name);
      const isOtherAlert = textOf(alert) !== textOf(before.alert) || query !== before.query;
      const isOtherMail = textOf(mail) !== textOf(before.mail);
      await write
        .updateTable("saved_views")
        .set({ name, page, query, alert: textOf(alert), mail: textOf(mail), updated_at: now() })
        // What was reported was about something else.
        .$if(isOtherAlert, (set) => set.set({ alert_open: "", alert_seen_at: 0 }))
        .$if(isOtherMail, (set) => set.set({ ...NO_MAIL_YET, mail_due: mail ? lastDue(mail, now()) : 0 }))
        .where("id", "=", id)
        .execute();
      return views.get(id);
    },
    async remove(id) {
      const { numDeletedRows } = await write.deleteFrom("saved_views").where("id", "=", id).executeTakeFirst();
      return Number(numDeletedRows) === 1;
    },
  };
  return views;
}

const taken = (name: string): QueryError => new QueryError(`name: ${JSON.stringify(name)} is the name of another view`);

const NO_MAIL_YET = { mail_next_at: 0, mail_failures: 0, mail_error: "" };
const NEW_VIEW = {
  ...NO_MAIL_YET,
  alert_open: "",
  alert_seen_at: 0,
  mail_due: 0,
  mail_sent_at: 0,
};
