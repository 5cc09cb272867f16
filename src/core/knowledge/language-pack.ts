/**
 * The schema of a language pack, `languages/<code>.yaml`: the words for refusals, notices and answers in one language.
 * Classification reads `refusals`, the readers of notices `notices` and `answers`. To add a language, add a file. A few
 * words that join others (`or`, `by`) stand beside the code that asks for them, for all languages at once.
 */
import { z } from "zod";
import { answerWordsSchema } from "./answer-words.ts";
import { noticeWordsSchema } from "./notice-words.ts";
import { refusalWordsSchema } from "./refusal-words.ts";

export const languagePackSchema = z.strictObject({
  /** ISO 639-1; `mul` for what is written the same in all languages. */
  code: z.string().regex(/^[a-z]{2,3}$/),
  /** In English. */
  name: z.string().min(3),
  refusals: refusalWordsSchema.optional(),
  notices: noticeWordsSchema.optional(),
  answers: answerWordsSchema.optional(),
});
export type LanguagePack = z.infer<typeof languagePackSchema>;
