/**
 * Words -> facts: what is said (predicate) of whom (subject). The nearest subject within the clause counts; a clause
 * without one is about what the clause before it was about; what is said of an address or domain right after the
 * sender was named is said of the sender.
 */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import { cellOf, isSaidOf, type Cell } from "../../knowledge/matrix.ts";
import { PAUSE, STOP } from "./clauses.ts";
import type { Item, Lexicon } from "./lexicon.ts";
import { saidIn, withoutCovered, type Said } from "./said.ts";
import { spokenItems } from "./spoken.ts";

export interface Fact {
  /** Null: the text does not say of whom. */
  readonly subject: Subject | null;
  readonly predicate: Predicate;
  readonly cell: Cell;
  /** The words say that it passes. */
  readonly passing: boolean;
  /** The words say `may` or `possibly`. */
  readonly unsure: boolean;
  /** A single word that only suggests it. */
  readonly hint: boolean;
  /** Of several facts the one in an earlier sentence decides: later ones explain and advise. */
  readonly sentence: number;
  /** Words from here to there. */
  readonly start: number;
  readonly end: number;
}

/** The same words, read as another predicate. */
export function factOf(fact: Fact, predicate: Predicate, subject: Subject | null): Fact {
  const cell = cellOf(predicate, subject);
  return cell ? { ...fact, predicate, subject, cell } : fact;
}

/** Whose address or domain it is when the text does not say. */
export type Side = "recipient" | "sender";

const MAX_ITEMS = 2000;
const MAYBE_BEFORE = 3;
/** `Il se peut que le groupe que vous avez essayé de contacter n'existe pas` */
const PHRASE_BEFORE = 14;
/** `invalid` is said of what stands beside it. */
const INVALID_BEHIND = 3;

interface Clause {
  readonly start: number;
  readonly end: number;
  /** A sentence begins here. */
  readonly opens: boolean;
}

type SubjectItem = Extract<Item, { kind: "subject" }>;

export function readFacts(words: readonly string[], lexicon: Lexicon, side: Side): readonly Fact[] {
  const items = withoutCovered(spokenItems(lexicon.hitsIn(words).slice(0, MAX_ITEMS), words));
  const clauses = clausesIn(words);
  const callout = items.some((item) => item.kind === "subject" && item.name === "callout");
  const toRecipient = items.some((item) => item.kind === "subject" && item.name === "recipient");
  const maybes = items.filter(({ kind }) => kind === "maybe");
  const ours = side === "sender" || (callout && !toRecipient);
  const facts: Fact[] = [];
  let before: SubjectItem | null = null;
  let passing = false;
  let alternative = false;
  let first = 0;
  let sentence = -1;
  let sentenceStart = 0;
  let at = 0;
  for (const { start, end, opens } of clauses) {
    if (opens) {
      sentence++;
      sentenceStart = start;
      before = null;
      passing = false;
      alternative = false;
      first = facts.length;
    }
    while (at < items.length && items[at]!.start < start) at++;
    const inside: Item[] = [];
    for (; at < items.length && items[at]!.start < end; at++) if (items[at]!.end <= end) inside.push(items[at]!);
    if (inside.length === 0) continue;
    if (inside.some(({ kind }) => kind === "passing")) {
      passing = true;
      for (let earlier = first; earlier < facts.length; earlier++)
        facts[earlier] = { ...(facts[earlier] as Fact), passing };
    }
    const hedges = maybes.filter((item) => item.start >= sentenceStart && item.start < end);
    const subjects = inside.filter((item): item is SubjectItem => item.kind === "subject");
    for (const said of saidIn(inside)) {
      const near = nearest(subjects, said);
      const subject = subjectOf(near, before, ours);
      const cell = cellOf(said.name, subject);
      if (cell)
        facts.push({
          subject,
          predicate: said.name,
          cell: said.hint ? { ...cell, weight: "vague" } : cell,
          passing,
          unsure: hedges.some((item) => isHedged(said, item)),
          hint: said.hint,
          sentence,
          start: Math.min(said.start, near?.start ?? said.start),
          end: Math.max(said.end, near?.end ?? said.end),
        });
    }
    alternative ||= inside.some(({ kind }) => kind === "or");
    if (alternative) for (let at = first; at < facts.length; at++) facts[at] = asAlternative(facts[at] as Fact);
    const last = subjects.findLast(({ name }) => !isGeneric(name) && name !== "message") ?? subjects.at(-1);
    if (last && !(before && (last.name === "message" || (isGeneric(last.name) && isOurs(before.name))))) before = last;
  }
  return facts.length > 0 ? facts : loneSubjects(items, ours);
}

function isHedged({ start, end }: Said, maybe: Item): boolean {
  const reach = maybe.words > 1 || maybe.language !== "en" ? PHRASE_BEFORE : MAYBE_BEFORE;
  return maybe.start >= end ? maybe.start - end <= 2 * reach - MAYBE_BEFORE : start - maybe.end <= reach;
}

/** Closed groups say to strangers that they do not exist, or that strangers may not write to them. */
const asAlternative = (fact: Fact): Fact =>
  fact.subject === "group" && fact.predicate === "unknown" ? factOf(fact, "restricted", "group") : fact;

/** Nothing is said, but somebody is named: a guess that it is about them. */
function loneSubjects(items: readonly Item[], ours: boolean): readonly Fact[] {
  return items.flatMap((item): readonly Fact[] => {
    if (item.kind !== "subject" || item.name === "host") return [];
    const subject = subjectOf(item, null, ours);
    const cell = subject === null ? null : cellOf("refused", subject);
    if (!cell || subject === null || cell.reason === "policy") return [];
    const { start, end } = item;
    return [
      {
        subject,
        predicate: "refused",
        cell: { ...cell, weight: "vague" },
        passing: false,
        unsure: false,
        hint: true,
        sentence: 0,
        start,
        end,
      },
    ];
  });
}

/** Right before it. */
const stands = (one: SubjectItem, before: SubjectItem | null): boolean =>
  before !== null && one.end <= before.start && before.start - one.end <= 1;
const isGeneric = (name: Subject): boolean => name === "address" || name === "domain" || name === "host";
const isOurs = (name: Subject): boolean =>
  name === "sender" || name === "sender_domain" || name === "client" || name === "callout";

function subjectOf(near: SubjectItem | null, before: SubjectItem | null, ours: boolean): Subject | null {
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

function clausesIn(words: readonly string[]): readonly Clause[] {
  const clauses: Clause[] = [];
  let start = 0;
  let opens = true;
  for (let at = 0; at <= words.length; at++) {
    const word = words[at];
    if (at < words.length && word !== STOP && word !== PAUSE) continue;
    if (at > start) {
      clauses.push({ start, end: at, opens });
      opens = false;
    }
    if (word === STOP) opens = true;
    start = at + 1;
  }
  return clauses;
}

/** A sentence names first what it is about: words behind count as further away. */
const BEHIND = 1.5;

/** The subject of which that can be said, with the fewest words between: `sender jo@shop.example` is the sender. */
function nearest(subjects: readonly SubjectItem[], { name, start, end }: Said): SubjectItem | null {
  let best: SubjectItem | null = null;
  let shortest = Infinity;
  for (const subject of subjects) {
    const inside = subject.start >= start && subject.end <= end;
    // The mail in `accepts no mail` is no address.
    if (inside && name === "takes_no_mail") continue;
    const distance = inside ? 0 : subject.end <= start ? start - subject.end : subject.start - end + BEHIND;
    if (!isSaidOf(name, subject.name) || (name === "invalid" && subject.start - end > INVALID_BEHIND)) continue;
    if (distance < shortest) [best, shortest] = [subject, distance];
  }
  const named =
    best !== null && isGeneric(best.name) && subjects.find((other) => stands(other, best) && isOurs(other.name));
  return named || best;
}
