/**
 * `answers:` of a language pack: the words of automatic replies, receipts, unsubscribing and challenges.
 *
 * Case, accents and spacing do not count (plain.ts). Where words make a pattern (word-pattern.ts), `lomalla` is the
 * whole word, `loma*` any word that begins so, and `…` a few words in between.
 */
import { z } from "zod";
import { words } from "./words.ts";

export const answerWordsSchema = z.strictObject({
  /** Heads of subjects that say that a machine answers; they may also stand in brackets at the end. */
  auto: words.optional(),
  /** Heads of subjects that say that somebody is absent. */
  away: words.optional(),
  /** Behind a name: `is out of the office`. */
  absent: words.optional(),
  /** Parts of subjects of ticket systems; asked only where the header says that a machine wrote it. */
  acknowledgements: words.optional(),
  /** Parts of sentences of automatic replies; asked only where the header says so too. */
  texts: words.optional(),
  /** Parts of sentences: nobody reads this mailbox. Every machine writes them, so they count in answers only. */
  unread: words.optional(),
  receipts: z
    .strictObject({
      /** The whole first line. */
      openings: words.optional(),
      /** Beginnings of the line below the labels. */
      happened: words.optional(),
      /** Beginnings of a text that says it in one sentence. */
      sentences: words.optional(),
    })
    .optional(),
  /** How an automatic reply says until when, and who takes over. */
  absence: z
    .strictObject({
      /** Say that somebody is absent or something closed, beside `away` and `absent`. */
      words: words.optional(),
      /** Before the day of return; they say by themselves that somebody is absent. */
      returns: words.optional(),
      /** Before the day of return, where the absence is said nearby. */
      froms: words.optional(),
      /** Before the last day, where the absence is said nearby. */
      untils: words.optional(),
      /** Between the first and the last day. */
      joins: words.optional(),
      /** Right behind the last day or the day of return. */
      after: words.optional(),
      /** Somebody has left, or has another address now; the new one follows. */
      left: words.optional(),
    })
    .optional(),
  /** A whole subject or message. */
  unsubscribing: words.optional(),
  /** A challenge: somebody must let the sender in … */
  gates: words.optional(),
  /** … by doing something … */
  deeds: words.optional(),
  /** … because of spam. */
  causes: words.optional(),
  /** What programs put before the subject of an answer or a forwarded mail, without the colon. */
  prefixes: words.optional(),
});
export type AnswerWords = z.infer<typeof answerWordsSchema>;
