/** What an automatic reply says of the absence: until when, and whom to write to instead. */
import { addressesIn } from "../../fields/address.ts";
import { daysIn, orderIn, resolveDay, type DayReading, type NamedDay } from "./day-in-text.ts";
import { htmlText } from "../../fields/html-text.ts";
import type { AnswerWords } from "../../knowledge/answer-words.ts";
import { LANGUAGES } from "../../knowledge/languages.ts";
import { wordSet, type PhraseSet } from "../../knowledge/phrase-set.ts";
import { plain } from "../../knowledge/plain.ts";
import type { Mail } from "../../mime/mail.ts";
import { isAwaySubject } from "../../notice/answer-words.ts";
import { subjectOf } from "./answer.ts";

export interface Absence {
  /** `2026-01-05`: the day of return, else the last day of the absence. */
  readonly until: string | null;
  /** Address of who takes over, or the new one of who wrote. */
  readonly successor: string | null;
}

/** Characters of the reply that are read. */
const MAX_TEXT = 4_000;
/** Where the mail that is answered begins. */
const QUOTED = /^(?:\s{0,3}>|\s*-{2,}[ \w]{3,40}-{2,}\s*$|_{8,}\s*$)/m;

/** Null where it says neither. `written`: ms; `own`: addresses that are nobody else's, in lower case. */
export function readAbsence(mail: Mail, written: number, own: ReadonlySet<string>): Absence | null {
  const body = (mail.text.trim() === "" ? htmlText(mail.html) : mail.text).slice(0, MAX_TEXT);
  const quoted = body.search(QUOTED);
  const text = asciiDigits(plain(`${subjectOf(mail)}\n${quoted > 0 ? body.slice(0, quoted) : body}`));
  const until = untilIn(text, written, isAwaySubject(subjectOf(mail)));
  const successor = successorIn(text, own);
  return until === null && successor === null ? null : { until, successor };
}

/** Zeros of Arabic, Persian, Devanagari, Bengali and Thai; each script has its ten digits in a row. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50];
const asciiDigits = (text: string): string =>
  text.replaceAll(/[^\P{Nd}0-9]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = ZEROS.find((first) => code >= first && code <= first + 9);
    return zero === undefined ? digit : String(code - zero);
  });

type Part = keyof NonNullable<AnswerWords["absence"]>;

interface Cues {
  /** Also those of one letter: `от 1 до 5`, `13/07 a 01/08`. */
  readonly phrases: Pick<PhraseSet, "at">;
  /** Codes of the languages that say it so. */
  readonly languages: ReadonlyMap<string, readonly string[]>;
}

/** Phrases with the languages that have them. */
function cuesOf(listOf: (answers: AnswerWords) => readonly string[]): Cues {
  const languages = new Map<string, string[]>();
  for (const { code, answers } of LANGUAGES)
    for (const phrase of new Set(answers ? listOf(answers).map(plain) : []))
      languages.set(phrase, [...(languages.get(phrase) ?? []), code]);
  return { phrases: withLetters([...languages.keys()]), languages };
}

const made = new Map<Part, Cues>();
function cuesFor(part: Part): Cues {
  const cues = made.get(part) ?? cuesOf(({ absence }) => absence?.[part] ?? []);
  made.set(part, cues);
  return cues;
}

function withLetters(phrases: readonly string[]): Pick<PhraseSet, "at"> {
  const words = wordSet(phrases);
  const letters = new Set(phrases.filter(({ length }) => length === 1));
  return {
    at: (text, index) =>
      words.at(text, index) ??
      (letters.has(text[index] ?? "") && (text[index - 1] ?? " ") === " " && (text[index + 1] ?? " ") === " "
        ? text[index]!
        : null),
  };
}

/** Between a word that leads to a day and the day: `back on Monday, the 5th`. */
const GAP =
  /^[\s:,(–—-]{0,3}(?:(?:(?!\d)[\p{L}\p{M}'-]{1,14}[.,:]?|\d{1,2}[:.h]\d\d|\d{1,2}(?=\s?(?:[ap]m|h|uhr)\b))[\s(–—]{1,3}){0,4}$/u;
/** Characters before a day in which such a word stands. */
const REACH = 60;

/** Languages of the words of one part that lead to the day; empty where none does. */
function ledBy(part: Part, text: string, day: NamedDay, isFit: (start: number) => boolean = () => true) {
  const { phrases, languages } = cuesFor(part);
  for (let at = Math.max(0, day.start - REACH); at < day.start; at++) {
    const phrase = phrases.at(text, at);
    if (phrase !== null && isFit(at) && GAP.test(text.slice(at + phrase.length, day.start)))
      return languages.get(phrase) ?? [];
  }
  return [];
}

/** A first day, or only its number, at the end: `from 24`, `vom 24. dezember`, `24.12.`. */
const FIRST_DAY =
  /\d{1,2}(?:st|nd|rd|th|er|\.|\s?[日일号號])?(?:\s?(?:de\s|of\s)?[\p{L}\p{M}]{3,14}\.?)?(?:[\s,.]{1,2}(?:de\s)?20\d\d)?\.?\s?$/u;
const ends = (text: string, at: number): boolean => FIRST_DAY.test(text.slice(Math.max(0, at - 30), at));
const DASH = /\s?[-–—~〜]\s?$/;

/** A day that the words beside it tie to an absence. */
interface Tied {
  readonly named: NamedDay;
  /** `2026-01-05` */
  readonly day: string;
  readonly isReturn: boolean;
}

/** Characters before and after a day in which the absence is said. */
const NEAR_BEFORE = 130;
const NEAR_AFTER = 90;
/** Characters between the end of an absence and the return: `bis 14.8. nicht im Büro. Ab 17.8. wieder da`. */
const NEXT = 110;

function untilIn(text: string, written: number, isAwayTitle: boolean): string | null {
  const tied: Tied[] = [];
  const days = daysIn(text);
  const reading = { written, order: orderIn(days) };
  let found: readonly string[] | undefined;
  const spokenIn = (): readonly string[] => (found ??= languagesIn(text));
  for (const named of days) {
    const tie = tieOf(text, named, isAwayTitle, spokenIn);
    const day = tie && resolveIn(tie.languages, named, spokenIn, reading);
    if (tie && day !== null) tied.push({ named, day, isReturn: tie.isReturn });
  }
  const [first] = tied;
  if (!first) return null;
  if (first.isReturn) return first.day;
  const next = tied.find(
    ({ named, day, isReturn }) =>
      named.start - first.named.end <= NEXT && day > first.day && (isReturn || day <= daysAfter(first.day)),
  );
  return next?.day ?? first.day;
}

/** A weekend and a holiday lie between the last day of an absence and the return. */
const MOST_BETWEEN_MS = 5 * 86_400_000;
const daysAfter = (day: string): string => new Date(Date.parse(day) + MOST_BETWEEN_MS).toISOString().slice(0, 10);

interface Tie {
  readonly languages: readonly string[];
  readonly isReturn: boolean;
}

function tieOf(text: string, named: NamedDay, isAwayTitle: boolean, spokenIn: () => readonly string[]): Tie | null {
  const returns = ledBy("returns", text, named);
  if (returns.length > 0) return { languages: returns, isReturn: true };
  const isNear = isAwayTitle || saysAway(text.slice(Math.max(0, named.start - NEAR_BEFORE), named.end + NEAR_AFTER));
  if (!isNear) return null;
  const untils = ledBy("untils", text, named);
  if (untils.length > 0) return { languages: untils, isReturn: false };
  const joins = ledBy("joins", text, named, (at) => ends(text, at));
  if (joins.length > 0) return { languages: joins, isReturn: false };
  if (isBehindDash(text, named)) return { languages: spokenIn(), isReturn: false };
  const after = followed(text, named);
  if (after.length > 0) return { languages: after, isReturn: false };
  // `from 20 July to …`: the first day of the absence.
  if (opensRange(text, named)) return null;
  const froms = ledBy("froms", text, named);
  const saysBack = returnsNear(text.slice(named.end, named.end + NEAR_AFTER));
  return froms.length > 0 && saysBack ? { languages: froms, isReturn: true } : null;
}

function opensRange(text: string, { end }: NamedDay): boolean {
  const at = end + (/^[\s.,)–—-]{0,3}/.exec(text.slice(end, end + 4))?.[0].length ?? 0);
  const isJoined = (["joins", "untils"] as const).some((part) => cuesFor(part).phrases.at(text, at) !== null);
  return isJoined || /^\s?[-–—~〜]\s?\d/.test(text.slice(end, end + 5));
}

/** `ab dem 11. Januar wieder erreichbar`: the return is said behind the day. */
const returnsNear = (text: string): boolean => hasOneOf(cuesFor("returns").phrases, text);

let absent: PhraseSet | undefined;
/** Subjects and sentences of absence, in text in `plain` form. */
function saysAway(text: string): boolean {
  absent ??= wordSet(
    LANGUAGES.flatMap(({ answers }) => [
      ...(answers?.away ?? []),
      ...(answers?.absent ?? []),
      ...(answers?.absence?.words ?? []),
    ]),
  );
  return hasOneOf(absent, text);
}

function hasOneOf(phrases: Pick<PhraseSet, "at">, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (phrases.at(text, at) !== null) return true;
  return false;
}

function isBehindDash(text: string, { start }: NamedDay): boolean {
  const dash = DASH.exec(text.slice(Math.max(0, start - 4), start));
  return dash !== null && ends(text, start - dash[0].length);
}

/** Characters between a day and the words behind it. */
const MOST_BEHIND = 22;

/** `1月5日まで`, `5 Ocak tarihine kadar`. */
function followed(text: string, { end }: NamedDay): readonly string[] {
  const { phrases, languages } = cuesFor("after");
  const behind = text.slice(end, end + 50);
  const day = /^(?:\s?[(（][\p{L}.]{1,12}[)）])?[\s,]?/u.exec(behind)?.[0] ?? "";
  // `1 Haziran Pazartesi günü ofiste`.
  for (const { index } of behind.slice(day.length).matchAll(/(?<!\S)\S/g)) {
    const phrase = index > MOST_BEHIND ? null : phrases.at(text, end + day.length + index);
    if (phrase !== null) return languages.get(phrase) ?? [];
  }
  return [];
}

/** The day, if all languages that know it agree; the language of the text decides where it is among them. */
function resolveIn(
  languages: readonly string[],
  day: NamedDay,
  spokenIn: () => readonly string[],
  reading: DayReading,
): string | null {
  if (languages.length === 0) return day.month.kind === "known" ? resolveDay(day, "en", reading) : null;
  const spoken = languages.length === 1 ? languages : spokenIn().filter((code) => languages.includes(code));
  const found = new Set(
    (spoken.length > 0 ? spoken : languages).flatMap((code) => resolveDay(day, code, reading) ?? []),
  );
  return found.size === 1 ? [...found][0]! : null;
}

/** Codes of the languages of which the text has most phrases. */
function languagesIn(text: string): readonly string[] {
  const spoken = spokenWords();
  const counts = new Map<string, number>();
  for (let at = 0; at < text.length; at++) {
    const phrase = spoken.phrases.at(text, at);
    for (const code of phrase === null ? [] : (spoken.languages.get(phrase) ?? []))
      counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return most === 0 ? [] : [...counts].flatMap(([code, count]) => (count === most ? [code] : []));
}

let spoken: Cues | undefined;
const spokenWords = (): Cues =>
  (spoken ??= cuesOf(({ auto, away, absent, texts, absence }) =>
    [auto, away, absent, texts, absence?.returns, absence?.untils].flatMap((list) => list ?? []),
  ));

/** Characters behind the words of a departure in which the new address stands. */
const NEAR = 500;

/** Null where several are named: one for sales, one for the press. */
function successorIn(text: string, own: ReadonlySet<string>): string | null {
  if (!text.includes("@")) return null;
  const { phrases } = cuesFor("left");
  for (let at = 0; at < text.length; at++) {
    const phrase = phrases.at(text, at);
    if (phrase === null) continue;
    const end = at + phrase.length;
    const named = new Set(addressesIn(text.slice(end, end + NEAR), 10).filter((address) => !own.has(address)));
    return named.size === 1 ? [...named][0]! : null;
  }
  return null;
}
