/**
 * `refusals:` of a language pack: the words by which servers refuse mail.
 *
 * Words are written as in rules (docs/rules.md): case and accents do not count, `exceed*` is any word that begins so,
 * `(a|b|) c` a choice, `a ~ b` up to four words between. Stems before whole words: a language inflects.
 */
import { z } from "zod";
import { PREDICATES, SUBJECTS } from "./facts.ts";
import { words } from "./words.ts";

const listsOf = <Name extends string>(names: readonly Name[]) =>
  z.strictObject(
    Object.fromEntries(names.map((name) => [name, words.optional()])) as Record<Name, z.ZodOptional<typeof words>>,
  );

export const refusalWordsSchema = z.strictObject({
  subjects: listsOf(SUBJECTS).optional(),
  /** What says it by itself: `unknown`. */
  predicates: listsOf(PREDICATES).optional(),
  /** What says it when it is denied: `found`, `exists`. */
  denied: listsOf(PREDICATES).optional(),
  /** `not`, `cannot`. */
  negation: words.optional(),
  /** `no such`: before a subject, it says that this does not exist. */
  none: words.optional(),
  /** Words that say nothing of the cause, and hide those in them: `no valid recipients`. */
  ignored: words.optional(),
  /** It passes: `temporarily`. */
  passing: words.optional(),
  /** The server is not sure: `may`, `possibly`. */
  maybe: words.optional(),
  /** `or`: a group that `does not exist, or you may not write to it` is closed. */
  or: words.optional(),
  /** Single words that suggest a predicate where nothing else is said. */
  hints: listsOf(PREDICATES).optional(),
});
export type RefusalWords = z.infer<typeof refusalWordsSchema>;
