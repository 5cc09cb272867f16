/**
 * What belongs to somebody, whatever it is called: `signature of the user`, `user's time zone`, `user configuration`.
 * What is said there is said of that thing, not of the user.
 */
import type { Item } from "./lexicon.ts";
import type { Said } from "./said.ts";
import type { SubjectItem } from "./subjects.ts";

/** `of`, `for` in the languages that mail is written in most. */
const OF = /^(?:of|for|von|fur|des|du|del|della|do|da|dos|pour|para|per|van|voor|av|af|til|till|dla)$/;
const DETERMINER =
  /^(?:the|this|that|a|an|your|our|any|such|local|intended|le|la|les|el|los|il|lo|o|de|den|het|diesen|dieses|cet|cette|este|questo|deze)$/;
const MAX_DETERMINERS = 2;

const HELPER = /^(?:is|was|are|were|has|have|had|been|be|could|can|does|did|do)$/;
const NOUN = /^\p{L}{3,}$/u;
/** What is known of the user himself, or no thing at all: `no record of user`, `one of the recipients`. */
const NO_THING =
  /^(?:records?|entry|entries|match|matches|trace|sign|results?|look-?ups?|search|looking|searching|checking|delivery|part|portion|half|side|format|form|syntax|spelling|existence|validity|sending|receiving|reception|access|one|some|none|all|any|each|either|neither|both|two|three|few|several|many|most|more|number|because|instead|case|reason|cause|and|not|are|was|were|has|but|out|only|eintrag|zustellung|einer|eine|entrega|entrada|livraison|remise|consegna|un|une|uno|una|uma)$|ed$/;

/** Addresses themselves, and what is sent to them. */
const IS_ADDRESS: ReadonlySet<string> = new Set(["recipient", "address", "message", "domain", "host"]);

const at = (items: readonly Item[], index: number): readonly Item[] =>
  items.filter(({ start, end }) => start <= index && end > index);

/** A word that no list explains, or a thing that one does. */
function isThing(index: number, items: readonly Item[], words: readonly string[]): boolean {
  const word = words[index] ?? "";
  if (!NOUN.test(word) || NO_THING.test(word) || DETERMINER.test(word)) return false;
  return at(items, index).every((item) => {
    if (item.kind === "subject") return !IS_ADDRESS.has(item.name);
    if (item.kind === "predicate") return item.name === "against_policy";
    // `authorisation` begins like `authorised`.
    return item.kind === "hint" || (item.kind === "denied" && ABSTRACT.test(word));
  });
}

/** `signature of the user`, `script de l'utilisateur`, `signature was not found for the user` */
function isBeforeOwner({ start }: SubjectItem, said: Said, items: readonly Item[], words: readonly string[]): boolean {
  let of = start - 1;
  for (let more = 0; more < MAX_DETERMINERS && DETERMINER.test(words[of] ?? "") && !OF.test(words[of]!); more++) of--;
  const isFrench = words[of + 1] === "de" && words[of + 2]?.startsWith("l") === true;
  const isJoined = of === start - 1 && words[start]?.startsWith("dell") === true;
  if (isFrench || isJoined) return isThing(of, items, words);
  if (!OF.test(words[of] ?? "")) return false;
  if (said.end !== of) return isThing(of - 1, items, words);
  const before = HELPER.test(words[said.start - 1] ?? "") ? said.start - 2 : said.start - 1;
  return isThing(before, items, words);
}

/** Of one of them, the apostrophe gone: `users signature`. */
const OWNERS = /^(?:users|recipients|addressees|receivers|subscribers|customers|mailboxs)$/;
/** What a plural may be followed by. */
const AFTER_PLURAL =
  /^(?:who|which|that|here|there|below|above|you|with|from|for|the|and|are|were|have|had|does|did|may|can|could|will|must|should|also|still|yet|now|all|too|than)$/;
/** No name of anybody, and no short form of one, ends like it. */
const ABSTRACT =
  /(?:[a-z]{4}(?:[st]ion|ment|ness|ity|ance|ence|ism|ship|graphy|ology|ing)|[a-z]{3}(?:file|base|list|space|stamp|code|key|type|class|zone|path|table|ware))s?$/;
const MAX_NOUNS = 3;

/** `user's signature`, `user configuration`, `account provisioning policy` */
function isBehindOwner(owner: SubjectItem, said: Said, items: readonly Item[], words: readonly string[]): boolean {
  const { end } = owner;
  if (said.start < end) return false;
  let last = end;
  while (last < said.start && last - end < MAX_NOUNS && isThing(last, items, words) && !HELPER.test(words[last]!))
    last++;
  if (last === end || !(last === said.start || HELPER.test(words[last] ?? ""))) return false;
  const isPossessive = OWNERS.test(words[end - 1] ?? "") && !AFTER_PLURAL.test(words[end] ?? "");
  return isPossessive || words.slice(end, last).some((word) => ABSTRACT.test(word));
}

/** Whether it is said of something that belongs to whom it seems to be about. */
export const isOfPossession = (
  owner: SubjectItem | null,
  said: Said,
  items: readonly Item[],
  words: readonly string[],
): boolean =>
  owner !== null &&
  (owner.name === "address" || owner.name === "recipient") &&
  (isBeforeOwner(owner, said, items, words) || isBehindOwner(owner, said, items, words));
