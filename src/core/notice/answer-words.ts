/** What the language packs know of automatic replies, receipts, unsubscribing and challenges, ready to be asked. */
import type { AnswerWords } from "../knowledge/answer-words.ts";
import { allWords } from "../knowledge/languages.ts";
import { phraseSet, wordSet } from "../knowledge/phrase-set.ts";
import { plain } from "../knowledge/plain.ts";

type ListOf = (answers: AnswerWords) => readonly string[] | undefined;

const wordsOf = (listOf: ListOf): readonly string[] => allWords(({ answers }) => answers && listOf(answers));
/** Hyphens are blanks: `out-of-office`, `auto_reply`. */
const spaced = (text: string): string => plain(text.replaceAll(/[-_]+/g, " "));
const spacedSet = (listOf: ListOf) => wordSet(wordsOf(listOf).map((word) => word.replaceAll(/[-_]+/g, " ")));

const AUTO = spacedSet(({ auto }) => auto);
const AWAY = spacedSet(({ away }) => away);
const ABSENT = spacedSet(({ absent }) => absent);
const PREFIXES: ReadonlySet<string> = new Set(wordsOf(({ prefixes }) => prefixes).map(plain));
const PREFIX = /^([\p{L}\p{M}]{1,10})(?:\[\d{1,3}\])?\s?:\s?/u;
const MAX_SUBJECT = 500;

/** `Re:`, `AW:`, `WG:`, `Odp:`: an answer, or forwarded. */
export const isAnswerSubject = (subject: string): boolean =>
  PREFIXES.has(PREFIX.exec(plain(subject.slice(0, 60)))?.[1] ?? "");

function withoutPrefixes(subject: string): string {
  let rest = subject;
  for (let more = 0; more < 3; more++) {
    const prefix = PREFIX.exec(rest);
    if (!prefix || !PREFIXES.has(prefix[1]!)) break;
    rest = rest.slice(prefix[0].length);
  }
  return rest;
}

/** Behind a single word, which people write as well, that it is a title: its end, a colon, a date. */
const ENDS_TITLE = /^\s?(?:$|[:!,.|/)\]】」–—(]|\d|-\s|(?:\p{L}{1,10}\s){1,2}\d)/u;

/** Says by itself that a machine answers or that somebody is absent. */
export function isAwaySubject(subject: string): boolean {
  const words = withoutPrefixes(spaced(subject.slice(0, MAX_SUBJECT)));
  const head = words.replace(/^[\s[(*"'<【「*]{0,4}/, "");
  if (AUTO.at(head, 0) !== null) return true;
  const away = AWAY.at(head, 0);
  if (away !== null && (/[ :]/.test(away) || ENDS_TITLE.test(head.slice(away.length)))) return true;
  return saysSoInside(words);
}

/** The same, and nothing but a title: lists and shops write about automatic replies too. */
export function isAutomaticTitle(subject: string): boolean {
  const words = withoutPrefixes(spaced(subject.slice(0, MAX_SUBJECT)));
  const auto = AUTO.at(words, 0);
  return (auto !== null && ENDS_TITLE.test(words.slice(auto.length))) || saysSoInside(words);
}

/** AOL, Latvian Exchange and others put it behind the original subject or in the middle; Notes behind the name. */
function saysSoInside(words: string): boolean {
  for (let index = 1; index < words.length; index++) {
    const before = words[index - 1]!;
    if (before !== " " && before !== "(" && before !== "[") continue;
    const auto = AUTO.at(words, index);
    const found = auto ?? (before === " " ? null : AWAY.at(words, index));
    if (found !== null && /^\s?(?:$|[:)\]])/.test(words.slice(index + found.length))) return true;
    if (index <= 60 && before === " " && ABSENT.at(words, index) !== null && !words.slice(0, index).includes(":"))
      return true;
  }
  return false;
}

const ACKNOWLEDGEMENTS = phraseSet(wordsOf(({ acknowledgements }) => acknowledgements));
/** `[support #4711]`, `Ticket#2026112910000012`, `HELP-42`, `[Ticket ID: 4711]`. */
const TICKET =
  /\b(?:ticket|case|request|incident|issue)(?: id| number| no\.?)?[ #:-]{1,3}\[?#?[a-z]{0,10}-?\d{2,20}|[[(](?:[\w .-]{1,40}?)?[ #:-]{1,3}#?[a-z]{0,10}-?\d{2,20}[\])]|^[[(]?[a-z]{2,10}-\d{1,8}[\])]?(?:\s|$)/;

/** `[Ticket #88] …`: a tag with a number, which ticket systems put before whatever the subject was. */
export const isTagged = (subject: string): boolean =>
  /^\s*[[(][\p{L}][^\][()]{0,40}[ #:-]\d{2,20}[\])]/u.test(subject.slice(0, MAX_SUBJECT));

/** Ticket systems; asked only where the header already says that a machine wrote it. */
export function isAcknowledgement(subject: string): boolean {
  const words = withoutPrefixes(plain(subject.slice(0, MAX_SUBJECT)));
  return ACKNOWLEDGEMENTS.isIn(words) || TICKET.test(words);
}

const TEXTS = phraseSet(wordsOf(({ texts }) => texts));

/** Sentences of automatic replies, in text in `plain` form; asked only where the header says that a machine wrote it. */
export const isAwayText = (text: string): boolean => TEXTS.isIn(text);

const UNREAD = phraseSet(wordsOf(({ unread }) => unread));

/** Nobody reads this mailbox: the foot of many a mail, so asked only about what answers one. Text in `plain` form. */
export const isUnreadText = (text: string): boolean => UNREAD.isIn(text);

const RECEIPT_OPENINGS = new Set(wordsOf(({ receipts }) => receipts?.openings).map(plain));
/** `wurde am … gelesen`: both halves in this order. */
const HAPPENED = wordsOf(({ receipts }) => receipts?.happened).map((words) =>
  words.split("…").map((half) => plain(half.replace(/\*$/, ""))),
);

/** The first line of a receipt without its report: `Your message`. */
export const opensReceipt = (line: string): boolean => RECEIPT_OPENINGS.has(plain(line));

/** The line below its labels: `was read on …`. */
export function saysWhatHappened(line: string): boolean {
  const text = plain(line.slice(0, 200));
  return HAPPENED.some(
    ([first = "", second]) => text.startsWith(first) && (second === undefined || text.includes(second)),
  );
}

const RECEIPT_SENTENCES = wordsOf(({ receipts }) => receipts?.sentences).map(plain);

/** The text of a receipt that has no labels: `This is a return receipt for the mail that you sent to …`. */
export function isReceiptSentence(text: string): boolean {
  const head = plain(text.slice(0, 200));
  return RECEIPT_SENTENCES.some((sentence) => head.startsWith(sentence));
}

const UNSUBSCRIBING = new Set(wordsOf(({ unsubscribing }) => unsubscribing).map(plain));
/** What may stand around the word. */
const EDGES: ReadonlySet<string> = new Set("<>[]\"'() !.");

function bare(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && EDGES.has(text[start]!)) start++;
  while (end > start && EDGES.has(text[end - 1]!)) end--;
  return text.slice(start, end).replace(/^please /, "");
}

const isRequest = (text: string): boolean =>
  UNSUBSCRIBING.has(bare(text)) ||
  UNSUBSCRIBING.has(bare(text).replace(/ (?:me|request|from (?:this )?list|please)$/, ""));

export const isUnsubscribeSubject = (subject: string): boolean =>
  isRequest(withoutPrefixes(plain(subject.slice(0, 200))));
/** The whole message, but its signature, is the request. */
export const isUnsubscribeText = (text: string): boolean =>
  isRequest(plain(text.slice(0, 2_000)).replace(/(?:^| )-- ?.*$/, ""));

const GATES = phraseSet(wordsOf(({ gates }) => gates));
const DEEDS = phraseSet(wordsOf(({ deeds }) => deeds));
const CAUSES = phraseSet(wordsOf(({ causes }) => causes));
/** Where the deed is done: a link, or an answer to this mail. */
const AT_LINK =
  /https?:\/\/|\blink\b|mailto:|\breply\b|\brespond\b|antwort|repond|respond|rispond|beantwoord|odpov|odpow|ответ|відпові|svar|vastaa|valaszol|yanitla|απαντ|返信|回复|回覆|회신/;

/** Text in `plain` form: somebody must let the sender in. */
export const speaksOfGate = (text: string): boolean => GATES.isIn(text);
/** Text in `plain` form: by doing something, because of spam. */
export const asksForDeed = (text: string): boolean => DEEDS.isIn(text) && AT_LINK.test(text) && CAUSES.isIn(text);
