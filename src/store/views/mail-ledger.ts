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
  /** Claimed for this process: nobody else sends them for ten minutes. */
  claim(): Promise<readonly DueMail[]>;
  sent(id: string, due: number | null): Promise<void>;
  /** It is tried again, at the latest six hours later. */
  failed(id: string, why: string): Promise<void>;
}

const MINUTE_MS = 60_000;
/** Longer than the time-outs of a relay. */
const CLAIM_MS = 10 * MINUTE_MS;
const FIRST_PAUSE_MS = 5 * MINUTE_MS;
const LONGEST_PAUSE_MS = 360 * MINUTE_MS;
const MAX_ERROR = 300;

export function viewMailsOf({ write }: Pick<Database, "write">, now: () => number): ViewMails {
  return {
    async claim() {
      const at = now();
      const rows = await write
        .selectFrom("saved_views")
        .selectAll()
        .where("mail", "!=", "")
        .where("mail_next_at", "<=", at)
        .execute();
      const claimed: DueMail[] = [];
      for (const row of rows) {
        const view = viewOfRow(row);
        if (!view.mail) continue;
        const due = lastDue(view.mail, at);
        if (row.mail_due >= due) continue;
        const { numUpdatedRows } = await write
          .updateTable("saved_views")
          .set({ mail_next_at: at + CLAIM_MS })
          .where("id", "=", row.id)
          .where("mail_due", "<", due)
          .where("mail_next_at", "<=", at)
          .executeTakeFirst();
        if (Number(numUpdatedRows) === 1) claimed.push({ view, due });
      }
      return claimed;
    },
    async sent(id, due) {
      await write
        .updateTable("saved_views")
        .set({ mail_sent_at: now(), mail_failures: 0, mail_error: "" })
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
