/** Of whom something is said: the nearest subject, what stands before it, and who is meant where nobody is named. */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import { isSaidOf } from "../../knowledge/matrix.ts";
import type { Item } from "./lexicon.ts";
import type { Said } from "./said.ts";

export type SubjectItem = Extract<Item, { kind: "subject" }>;

/** `invalid` is said of what stands beside it. */
const INVALID_BEHIND = 3;
/** A sentence names first what it is about: words behind count as further away. */
const BEHIND = 1.5;

/** The mail in `accepts no mail` is no address, the MX in `no MX` is what somebody lacks, a list of dead names no group. */
const isPart = (subject: Subject, predicate: Predicate): boolean =>
  subject === "host" ||
  (predicate === "takes_no_mail" && subject !== "domain") ||
  (predicate === "disabled" && subject === "group");

/** The subject of which that can be said, with the fewest words between: `sender jo@shop.example` is the sender. */
export function nearest(
  subjects: readonly SubjectItem[],
  { name, start, end }: Said,
  words: readonly string[],
): SubjectItem | null {
  let best: SubjectItem | null = null;
  let shortest = Infinity;
  for (const subject of subjects) {
    const inside = subject.start >= start && subject.end <= end;
    if (inside && isPart(subject.name, name)) continue;
    const distance = inside ? 0 : subject.end <= start ? start - subject.end : subject.start - end + BEHIND;
    if (!isSaidOf(name, subject.name) || (name === "invalid" && subject.start - end > INVALID_BEHIND)) continue;
    // An e-mail that does not exist is an address, one that is refused a message.
    const isMail = distance === shortest && subject.name === "message" && (name === "refused" || name === "blocked");
    if (distance < shortest || isMail) [best, shortest] = [subject, distance];
  }
  if (best !== null && isGeneric(best.name)) {
    const owned = subjects.find(
      (other) => other.name === "server" && isSaidOf(name, "server") && isOwner(other, best, words),
    );
    if (owned) return owned;
  }
  if (best?.name === "recipient" || best?.name === "address") {
    // `Your server was banned for mail to unknown users`: they are whom it wrote to.
    const banned = subjects.find((other) => other.name === "client" && other.end <= start && isSaidOf(name, "client"));
    if (banned && isAddressed(best, words)) return banned;
  }
  if (best?.name === "recipient" || best?.name === "address") {
    const { start: from, end: to } = best;
    const compound = subjects.find((other) => COMPOUNDS.has(other.name) && other.start === from && other.end === to);
    if (compound) return compound;
  }
  if (best?.name === "recipient") return subjects.find((other) => isDomainOf(other, best, words)) ?? best;
  if (best === null || !isGeneric(best.name)) return best;
  if (ABOUT_HEADERS.has(name)) {
    const owner = subjects.find(
      (other) => (other.name === "header" || other.name === "link") && isSaidOf(name, other.name),
    );
    if (owner) return owner;
  }
  return (
    subjects.find((other) => stands(other, best) && (isOurs(other.name) || isSomeHost(best, words))) ??
    subjects.find((other) => isOurs(other.name) && isOf(best, other, words)) ??
    best
  );
}

/** `Empfängerdomain` begins like the recipient, and is the domain. */
const COMPOUNDS: ReadonlySet<Subject> = new Set(["domain", "header", "server"]);

/** `bad address in the Cc header` */
export const ABOUT_HEADERS: ReadonlySet<Predicate> = new Set(["invalid", "malformed", "unknown", "unresolvable"]);

const GENITIVE = /^(?:of|the|des|der|du|de|del|della|do|da|dos|van|la|le|al|lui)$/;

/** `the domain of the recipient` */
const isDomainOf = (one: SubjectItem, recipient: SubjectItem | null, words: readonly string[]): boolean =>
  one.name === "domain" &&
  recipient !== null &&
  one.end <= recipient.start &&
  recipient.start - one.end <= 2 &&
  words.slice(one.end, recipient.start).every((word) => GENITIVE.test(word));

/** `the MX of the sender` */
const isOf = (one: SubjectItem, other: SubjectItem, words: readonly string[]): boolean =>
  other.start > one.end && other.start - one.end <= 2 && /^(?:for|of|in|from|used)$/.test(words[one.end] ?? "");

const TO = /^(?:to|an|aux?|alle|agli|aan|para|do|til|till|na)$/;

/** `to unknown users`, `an unbekannte Nutzer` */
const isAddressed = ({ start }: SubjectItem, words: readonly string[]): boolean =>
  TO.test(words[start - 1] ?? "") || TO.test(words[start - 2] ?? "");

/** `the store of this user`, `mail filter for user` */
const isOwner = (one: SubjectItem, owner: SubjectItem | null, words: readonly string[]): boolean =>
  owner !== null && /^(?:of|for)$/.test(words[one.end] ?? "") && owner.start > one.end && owner.start - one.end <= 2;

/** A host's name alone: whose it is nobody says. */
export const isSomeHost = (subject: SubjectItem | null, words: readonly string[]): boolean =>
  subject?.name === "host" && subject.end - subject.start === 1 && words[subject.start] === "#host";

/** Right before it. */
const stands = (one: SubjectItem, before: SubjectItem | null): boolean =>
  before !== null && one.end <= before.start && before.start - one.end <= 1;
export const isGeneric = (name: Subject): boolean => name === "address" || name === "domain" || name === "host";
export const isOurs = (name: Subject): boolean =>
  name === "sender" || name === "sender_domain" || name === "client" || name === "callout";

export function resolveSubject(near: SubjectItem | null, before: SubjectItem | null, ours: boolean): Subject | null {
  const named = near?.name ?? before?.name ?? null;
  if (near !== null && !isGeneric(near.name)) return near.name;
  const about =
    before !== null && isOurs(before.name) && !(before.name === "client" && named === "address")
      ? before.name
      : ours
        ? "sender"
        : null;
  if (about === null || (near === null && before !== null && !isGeneric(before.name))) return named;
  if (named === "domain" && about === "sender") return "sender_domain";
  return named === null || isGeneric(named) ? about : named;
}

const WORD = /^[a-z]{3,}$/;
const FOLLOWS = /^(?:here|the|and|for|but|this|that|was|has|are|not|with|when|while|after|who|please|sorry)$/;

const CONDITION =
  /^(?:from|with|without|larger|bigger|over|on|until|before|after|that|unless|if|to|in|containing|which)$/;

/** `does not accept mail without TLS` accepts some. */
export const isConditional = ({ name, end }: Said, words: readonly string[]): boolean =>
  name === "takes_no_mail" && (CONDITION.test(words[end] ?? "") || (words[end] === "for" && words[end + 1] === "your"));

const COUNTED =
  /^(?:attempts?|errors|rates?|ratios?|limits?|thresholds?|counts?|percentage|quotas?|bounces|policy|policies|filters?)$/;
const ADDED = /^(?:for|of|in|to|by|from|with)$/;

/**
 * `unknown user limit`, `user unknown attempts`, `unknown loop for this user`: it is said of what follows, which is
 * counted or has no list, and the user is only named with it.
 */
export function isOfNext(
  { name, end }: Said,
  subject: SubjectItem | null,
  items: readonly Item[],
  words: readonly string[],
): boolean {
  if (name !== "unknown" && name !== "invalid") return false;
  const named = items.find((item) => item.kind === "subject" && item.start === end);
  if (COUNTED.test(words[named?.end ?? end] ?? "")) return true;
  const isWho = subject !== null && (isGeneric(subject.name) || subject.name === "recipient");
  const between = isWho && !named ? words.slice(end, subject.start) : [];
  return between.length > 1 && WORD.test(between[0]!) && between.slice(1).some((word) => ADDED.test(word));
}

/** `unknown reason`: it is said of something that no list of subjects has. */
export function isNoun({ name, start, end }: Said, items: readonly Item[], words: readonly string[]): boolean {
  const next = words[end] ?? "";
  if ((name !== "unknown" && name !== "invalid") || end - start !== 1 || !WORD.test(next) || FOLLOWS.test(next))
    return false;
  const known = items.filter((item) => item.start <= end && item.end > end);
  return known.every((item) => item.kind === "subject" && !isSaidOf(name, item.name));
}
