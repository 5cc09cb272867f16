/** Which weekly mails are due, and who sends them: one process claims the row, so that each is sent once. */
import type { Database } from "../db/database.ts";
import { lastDue } from "./mail-week.ts";
import type { SavedView } from "./saved-view.ts";
import { viewOfRow } from "./views.ts";

export interface DueMail {
  readonly view: SavedView;
  /** The time of the week that it is for, ms. */
  readonly due: number;
}

export interface ViewMails {
  /**
   * One that is due, claimed for this process: nobody else sends it for ten minutes. Null where none is left. One at a
   * time, so that none waits behind others for longer than its claim.
   */
  claim(): Promise<DueMail | null>;
  /** `refused`: what the relay said of single recipients that it did not take. They get none this week. */
  sent(id: string, due: number | null, refused?: string): Promise<void>;
  /** It is tried again, at the latest six hours later. */
  failed(id: string, why: string): Promise<void>;
}

const MINUTE_MS = 60_000;
/** Longer than the time-outs of a relay. */
const CLAIM_MS = 10 * MINUTE_MS;
const FIRST_PAUSE_MS = 5 * MINUTE_MS;
const LONGEST_PAUSE_MS = 360 * MINUTE_MS;
const DAY_MS = 1440 * MINUTE_MS;
/** Due times are a week apart, an hour less where clocks change: until then nothing has to be worked out. */
const NOT_AGAIN_MS = 6 * DAY_MS;
/** Later than any time that a right clock can have written. */
const AHEAD_MS = 8 * DAY_MS;
const MAX_ERROR = 300;

export function viewMailsOf({ write }: Pick<Database, "write">, now: () => number): ViewMails {
  return {
    async claim() {
      const at = now();
      const rows = await write
        .selectFrom("saved_views")
        .selectAll()
        .where("mail", "!=", "")
        // A time further ahead is from a clock that was wrong.
        .where((where) =>
          where.or([where("mail_next_at", "<=", at), where("mail_next_at", ">", at + LONGEST_PAUSE_MS)]),
        )
        .execute();
      for (const row of rows) {
        const isAhead = row.mail_due > at + AHEAD_MS;
        if (!isAhead && row.mail_due > at - NOT_AGAIN_MS) continue;
        const view = viewOfRow(row);
        if (!view.mail) continue;
        const due = lastDue(view.mail, at);
        if (!isAhead && row.mail_due >= due) continue;
        if (isAhead) {
          await write.updateTable("saved_views").set({ mail_due: due }).where("id", "=", row.id).execute();
          continue;
        }
        const { numUpdatedRows } = await write
          .updateTable("saved_views")
          .set({ mail_next_at: at + CLAIM_MS })
          .where("id", "=", row.id)
          .where("mail_due", "<", due)
          .where("mail_next_at", "=", row.mail_next_at)
          .executeTakeFirst();
        if (Number(numUpdatedRows) === 1) return { view, due };
      }
      return null;
    },
    async sent(id, due, refused = "") {
      await write
        .updateTable("saved_views")
        .set({ mail_sent_at: now(), mail_failures: 0, mail_error: refused.slice(0, MAX_ERROR) })
        .$if(due !== null, (set) => set.set({ mail_due: due ?? 0, mail_next_at: 0 }))
        .where("id", "=", id)
        .execute();
    },
    async failed(id, why) {
      const row = await write.selectFrom("saved_views").select("mail_failures").where("id", "=", id).executeTakeFirst();
      const failures = row?.mail_failures ?? 0;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 20), LONGEST_PAUSE_MS);
      await write
        .updateTable("saved_views")
        .set({ mail_failures: failures + 1, mail_error: why.slice(0, MAX_ERROR), mail_next_at: now() + pause })
        .where("id", "=", id)
        .execute();
    },
  };
}
