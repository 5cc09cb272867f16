/** `answers:` of a language pack: the words of automatic replies, receipts, unsubscribing and challenges. */
import { z } from "zod";
import { words } from "./words.ts";

export const answerWordsSchema = z.strictObject({
  /** Subjects of automatic replies. */
  subjects: words.optional(),
  /** First sentences of automatic replies. */
  openings: words.optional(),
  receipts: words.optional(),
  unsubscribing: words.optional(),
  challenges: words.optional(),
});
export type AnswerWords = z.infer<typeof answerWordsSchema>;
