/** `notices:` of a language pack: the words by which mail programs write that something was not delivered. */
import { z } from "zod";
import { words } from "./words.ts";

export const noticeWordsSchema = z.strictObject({
  /** What stands before the colon of a line: `Empfänger:`, `Grund:`. */
  labels: z
    .strictObject({
      recipient: words.optional(),
      reason: words.optional(),
      subject: words.optional(),
      sender: words.optional(),
      date: words.optional(),
    })
    .optional(),
  /** Openings of a notice of final failure, or of failure of unknown duration. */
  failures: words.optional(),
  /** Openings of a notice that delivery goes on. */
  delays: words.optional(),
  /** Lines above the returned message: `--- Hier ist eine Kopie`. */
  returned: words.optional(),
  /** Subjects of notices. */
  subjects: words.optional(),
});
export type NoticeWords = z.infer<typeof noticeWordsSchema>;
