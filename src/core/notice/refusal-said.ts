/**
 * Whether words say why mail to somebody failed, in any language: by what the packs know of refusals, so that a notice
 * is understood in whatever words it announces the failure. It costs more than a list of phrases: asked only about the
 * mail of daemons that nothing else understood.
 */
import { clausesOf } from "../classify/facts/clauses.ts";
import { readFacts } from "../classify/facts/facts.ts";
import { builtInLexicon } from "../classify/facts/lexicon.ts";
import type { Predicate, Subject } from "../knowledge/facts.ts";

const OF_RECIPIENT: ReadonlySet<Subject | null> = new Set(["recipient", "address", "domain", null]);
const WHY_OF_ACCOUNT: readonly Predicate[] = ["unknown", "full", "disabled", "takes_no_mail", "not_hosted"];
const WHY_BESIDE: ReadonlySet<Predicate> = new Set(WHY_OF_ACCOUNT);
const WHY: ReadonlySet<Predicate> = new Set([...WHY_OF_ACCOUNT, "unavailable", "refused", "restricted"]);
/** A message is deleted or moved without having failed. */
const WHY_OF_MESSAGE: ReadonlySet<Predicate> = new Set(["refused", "spam", "too_large", "expired"]);
const MAX_CHARS = 600;
/** Nouns say what is meant: `your message to user@example.org was deleted` says nothing of the address. */
const ADDRESS = /[^\s<>()"',;:]{1,128}@[^\s<>()"',;:]{1,255}/g;

/** `isBeside`: a neighbour of the sentence that names the address says what is the matter with it, not with the mail. */
export function saysWhyRefused(text: string, isBeside: boolean): boolean {
  const said = text.slice(0, MAX_CHARS).replaceAll(ADDRESS, " ");
  const why = isBeside ? WHY_BESIDE : WHY;
  return readFacts(clausesOf(said), builtInLexicon(), "recipient").some(
    ({ subject, predicate, hint, unsure }) =>
      !hint &&
      !unsure &&
      ((why.has(predicate) && OF_RECIPIENT.has(subject)) ||
        (!isBeside && WHY_OF_MESSAGE.has(predicate) && subject === "message")),
  );
}
