/**
 * Words -> facts: what is said (predicate) of whom (subject). The nearest subject within the clause counts; a clause
 * without one is about what the clause before it was about; what is said of an address or domain right after the
 * sender was named is said of the sender.
 */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import { cellOf, isSaidOf, type Cell } from "../../knowledge/matrix.ts";
import { PAUSE, STOP } from "./clauses.ts";
import type { Item, Lexicon } from "./lexicon.ts";
import { isOfPossession } from "./possessions.ts";
import { saidIn, withoutCovered, type Said } from "./said.ts";
import { spokenItems } from "./spoken.ts";
import {
  ABOUT_HEADERS,
  isConditional,
  isGeneric,
  isNoun,
  isOfNext,
  isOurs,
  isSomeHost,
  nearest,
  resolveSubject,
  type SubjectItem,
} from "./subjects.ts";

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

interface Clause {
  readonly start: number;
  readonly end: number;
  /** A sentence begins here. */
  readonly opens: boolean;
}

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
    for (const spoken of saidIn(inside)) {
      const said = isConditional(spoken, words) ? { ...spoken, name: "against_policy" as const } : spoken;
      const nearby = nearest(subjects, said, words);
      // `header To: names an invalid address`
      const isInHeader =
        before?.name === "header" && nearby !== null && isGeneric(nearby.name) && ABOUT_HEADERS.has(said.name);
      const near = isInHeader ? before : nearby;
      const isSaidOfUs = ours && !(near === null && before === null && SAYS_NOT_WHY.has(said.name));
      const about = resolveSubject(near, before, isSaidOfUs);
      const isHard = cellOf(said.name, about)?.weight === "hard";
      // What belongs to the recipient is kept by the server.
      const subject = isHard && isOfPossession(near, said, inside, words) ? "server" : about;
      const isOfOther =
        isOfNext(said, near, inside, words) ||
        (said.of === "message" && !isSaidOf(said.name, said.of)) ||
        (subject === null && (isNoun(said, inside, words) || (said.of && !isSaidOf(said.name, said.of))));
      const cell = isOfOther ? null : cellOf(said.name, subject);
      if (cell)
        facts.push({
          subject,
          predicate: said.name,
          cell: said.hint ? { ...cell, weight: "vague" } : cell,
          passing,
          unsure: isSomeHost(near, words) || hedges.some((item) => isHedged(said, item)),
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
  const senders = items.some((item) => item.kind === "subject" && item.name === "sender") && !toRecipient;
  return facts.length > 0 ? facts.map((fact) => doubted(fact, facts, senders, words)) : loneSubjects(items, ours);
}

/** `Access denied` at MAIL FROM may be about the address, the host or the network. */
const SAYS_NOT_WHY: ReadonlySet<Predicate> = new Set(["blocked", "refused"]);

/** Where whoever should know did not answer, an address is not known to be unknown. */
const OTHER_CAUSES: ReadonlySet<Predicate> = new Set(["unreachable", "insecure", "program_failed"]);

/** `or` in the languages that mail is written in most. */
const OR = new Set(["or", "oder", "ou", "o", "eller", "lub", "nebo", "или", "чи", "veya"]);

/** An address may be ours where the sender is named and no recipient; of two causes joined by `or` either may be it. */
function doubted(fact: Fact, facts: readonly Fact[], senders: boolean, words: readonly string[]): Fact {
  const { cell, subject, predicate, sentence, start, end } = fact;
  // `Delivery cancelled`: it is not said what is disabled. `Has left the company` is said of people.
  if (subject === null && predicate === "disabled" && end - start === 1) return { ...fact, unsure: true };
  if (cell.weight !== "hard") return fact;
  const isSomebodys = senders && (subject === "address" || subject === null);
  const other = (one: Fact): boolean =>
    one.sentence === sentence &&
    !one.hint &&
    (OTHER_CAUSES.has(one.predicate) ||
      (one.cell.weight !== "hard" &&
        words.slice(Math.min(end, one.end), Math.max(start, one.start)).some((word) => OR.has(word))));
  return isSomebodys || facts.some(other) ? { ...fact, unsure: true } : fact;
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
    const subject = resolveSubject(item, null, ours);
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
