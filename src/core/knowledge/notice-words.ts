/**
 * `notices:` of a language pack: the words by which mail programs write that something was not delivered.
 *
 * Case, accents and spacing do not count (plain.ts). Words alone never make a bounce: the readers ask for marks of a
 * machine and for an address beside them.
 */
import { z } from "zod";
import { words } from "./words.ts";

export const LABELS = [
  "recipient",
  "to",
  "original",
  "reason",
  "remote",
  "server",
  "subject",
  "sender",
  "date",
] as const;
export type Label = (typeof LABELS)[number];

export const noticeWordsSchema = z.strictObject({
  /** What stands before the colon of a line, whole: `Empfänger:`, `Grund:`. */
  labels: z
    .strictObject({
      recipient: words.optional(),
      /** Of a recipient as well, but also in the header of any mail: `An:`, `To:`. */
      to: words.optional(),
      /** The address before forwarding. */
      original: words.optional(),
      reason: words.optional(),
      /** The server that refused. */
      remote: words.optional(),
      /** The server that reports. */
      server: words.optional(),
      subject: words.optional(),
      sender: words.optional(),
      date: words.optional(),
    } satisfies Record<Label, unknown>)
    .optional(),
  /** Parts of sentences: final failure, or failure of unknown duration. */
  failures: words.optional(),
  /** Parts of sentences: why something failed, in mail or elsewhere. */
  troubles: words.optional(),
  /** Sure signs, wherever they stand, that the server will try again. */
  delays: words.optional(),
  /** Signs of delay in a subject or in the first words; in a remote server's reply they mean nothing. */
  late: words.optional(),
  /** The server has given up, whatever else it says. */
  finals: words.optional(),
  /** Beginnings of the line above the returned message: `--- Hier ist eine Kopie`. */
  returned: words.optional(),
  /** Parts of subjects of reports; never a word that people write about goods. */
  subjects: words.optional(),
  /** The same where a daemon writes them. */
  weakSubjects: words.optional(),
  /** Parts of sentences that say why, not only that. */
  why: words.optional(),
  /** Whole lines above a reason. */
  titles: words.optional(),
  /** Beginnings of paragraphs that are no reason. */
  courtesies: words.optional(),
  /** Sentences of Exchange, in whichever language it is set to. */
  exchange: words.optional(),
  /** Words beside an address in running text. */
  tied: z
    .strictObject({
      /** Right before the recipient; `получател*` is any word that begins so. */
      before: words.optional(),
      /** May stand between such a word and the address. */
      between: words.optional(),
      /** Between the last two addresses of a list: `and`. */
      joining: words.optional(),
      /** Right behind the recipient. */
      after: words.optional(),
      /** Right before an address that is somebody else's: sender, contact, new address. */
      notBefore: words.optional(),
    })
    .optional(),
  /** A line with one of these offers help at the address below. */
  help: words.optional(),
  /** Ends of a line that names the sender. */
  senders: words.optional(),
  /** Parts of sentences in which a list warns its subscriber, or tells its owner, of old bounces. */
  listWarnings: words.optional(),
  /** Parts of sentences in which a list refuses a message that was sent to it. */
  listRefusals: words.optional(),
  /** Parts of sentences that speak of the reader's own mailbox, or of mail that others sent him. */
  toReader: words.optional(),
  /** Parts of sentences for an address that the reader has at a forwarding service: what fails there is mail of others. */
  owned: words.optional(),
  /** Whole values of a label that says what became of a recipient: the mail arrived. */
  successes: words.optional(),
  /** Parts of words for what shops and carriers deliver: it fails in the words of mail. */
  goods: words.optional(),
  /** Parts of words for mail: a sentence with one of them does not speak of goods. */
  mails: words.optional(),
});
export type NoticeWords = z.infer<typeof noticeWordsSchema>;
