/**
 * Whether words say why mail to somebody failed, in any language: by what the packs know of refusals, so that a notice
 * is understood in whatever words it announces the failure. It costs more than a list of phrases: asked only about the
 * mail of daemons that nothing else understood.
 */
import { clausesOf } from "../classify/facts/clauses.ts";
import { readFacts } from "../classify/facts/facts.ts";
import { builtInLexicon } from "../classify/facts/lexicon.ts";
import { plain } from "../knowledge/plain.ts";
import type { Predicate, Subject } from "../knowledge/facts.ts";
import { MAILS, holdsOneOf } from "./phrases.ts";

const OF_RECIPIENT: ReadonlySet<Subject | null> = new Set(["recipient", "address", "domain", null]);
const WHY: ReadonlySet<Predicate> = new Set([
  "unknown",
  "full",
  "moved",
  "unavailable",
  "refused",
  "restricted",
  "takes_no_mail",
  "not_hosted",
]);
/** Of an account, where the sentence speaks of no mail, which is deleted as well. */
const WHY_OF_ACCOUNT: ReadonlySet<Predicate> = new Set([...WHY, "disabled"]);
/** A message is deleted or moved without having failed. */
const WHY_OF_MESSAGE: ReadonlySet<Predicate> = new Set(["refused", "spam", "too_large", "expired"]);
const MAX_CHARS = 600;

export function saysWhyRefused(text: string): boolean {
  const said = text.slice(0, MAX_CHARS);
  const why = holdsOneOf(plain(said), MAILS) ? WHY : WHY_OF_ACCOUNT;
  return readFacts(clausesOf(said), builtInLexicon(), "recipient").some(
    ({ subject, predicate, hint, unsure }) =>
      !hint &&
      !unsure &&
      ((why.has(predicate) && OF_RECIPIENT.has(subject)) || (WHY_OF_MESSAGE.has(predicate) && subject === "message")),
  );
}
