/** The order in which events were recorded, for those who copy the log elsewhere. Written at its end only. */
import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

export const recordedOrder = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex("events_recorded").on("events").columns(["recorded_at", "key"]).execute();
  },
});
