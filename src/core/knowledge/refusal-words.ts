/**
 * `refusals:` of a language pack: the words by which servers refuse mail.
 *
 * Words are written as in rules (docs/rules.md): case and accents do not count, `exceed*` is any word that begins so,
 * `(a|b|) c` a choice. Stems before whole words: a language inflects.
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
  /** `is unknown`: what says it by itself. */
  predicates: listsOf(PREDICATES).optional(),
  /** `not found`: what says it when it is denied. */
  denied: listsOf(PREDICATES).optional(),
  /** `not`, `cannot`. */
  negation: words.optional(),
  /** `no mailbox`, `no such user`: right before the subject, they say that it does not exist. */
  none: words.optional(),
  /** It passes: `temporarily`. */
  passing: words.optional(),
  /** It will not: `permanently`. */
  final: words.optional(),
});
export type RefusalWords = z.infer<typeof refusalWordsSchema>;
