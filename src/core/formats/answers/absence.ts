/** What an automatic reply says of the absence: until when, and whom to write to instead. */
import { addressesIn } from "../../fields/address.ts";
import { daysIn, resolveDay, type NamedDay } from "./day-in-text.ts";
import { htmlText } from "../../fields/html-text.ts";
import type { AnswerWords } from "../../knowledge/answer-words.ts";
import { LANGUAGES } from "../../knowledge/languages.ts";
import { wordSet, type PhraseSet } from "../../knowledge/phrase-set.ts";
import { plain } from "../../knowledge/plain.ts";
import type { Mail } from "../../mime/mail.ts";
import { isAwaySubject, isAwayText } from "../../notice/answer-words.ts";
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
  const until = untilIn(text, written, isAwaySubject(subjectOf(mail)) || isAwayText(text));
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
  readonly phrases: PhraseSet;
  /** Codes of the languages that say it so. */
  readonly languages: ReadonlyMap<string, readonly string[]>;
}

const made = new Map<Part, Cues>();
function cuesFor(part: Part): Cues {
  const present = made.get(part);
  if (present) return present;
  const languages = new Map<string, string[]>();
  for (const { code, answers } of LANGUAGES)
    for (const word of answers?.absence?.[part] ?? []) {
      const phrase = plain(word);
      languages.set(phrase, [...(languages.get(phrase) ?? []), code]);
    }
  const cues = { phrases: wordSet([...languages.keys()]), languages };
  made.set(part, cues);
  return cues;
}

/** Between a word that leads to a day and the day: `back on Monday, the 5th`. */
const GAP = /^[\s:,(–-]{0,3}(?:(?!\d)[\p{L}\p{M}'-]{1,14}[.,:]?[\s(]{1,2}){0,3}$/u;
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
  /\d{1,2}(?:st|nd|rd|th|er|\.)?(?:\s?(?:de\s|of\s)?[\p{L}\p{M}]{3,14}\.?)?(?:[\s,.]{1,2}(?:de\s)?20\d\d)?\.?\s?$/u;
const ends = (text: string, at: number): boolean => FIRST_DAY.test(text.slice(Math.max(0, at - 30), at));
const DASH = /\s?[-–—]\s?$/;

function untilIn(text: string, written: number, isAway: boolean): string | null {
  const days = daysIn(text);
  if (days.length === 0) return null;
  const first = (languagesOf: (day: NamedDay) => readonly string[]): string | null => {
    for (const day of days) {
      const found = resolveIn(languagesOf(day), day, text, written);
      if (found !== null) return found;
    }
    return null;
  };
  const returning = first((day) => ledBy("returns", text, day));
  if (returning !== null || !isAway) return returning;
  return (
    first((day) => ledBy("untils", text, day)) ??
    first((day) => ledBy("joins", text, day, (at) => ends(text, at))) ??
    first((day) => followed(text, day)) ??
    first((day) => (isBehindDash(text, day) ? languagesIn(text) : []))
  );
}

function isBehindDash(text: string, { start }: NamedDay): boolean {
  const dash = DASH.exec(text.slice(Math.max(0, start - 4), start));
  return dash !== null && ends(text, start - dash[0].length);
}

/** `1月5日まで`, `5 Ocak tarihine kadar`. */
function followed(text: string, { end }: NamedDay): readonly string[] {
  const { phrases, languages } = cuesFor("after");
  const rest = /^(?:\s?[(（][\p{L}.]{1,12}[)）])?[\s,]?/u.exec(text.slice(end, end + 20))?.[0].length ?? 0;
  const phrase = phrases.at(text, end + rest);
  return phrase === null ? [] : (languages.get(phrase) ?? []);
}

/** The day, if all languages that know it agree; the language of the text decides where it is among them. */
function resolveIn(languages: readonly string[], day: NamedDay, text: string, written: number): string | null {
  if (languages.length === 0) return null;
  const spoken = languages.length === 1 ? languages : languagesIn(text).filter((code) => languages.includes(code));
  const found = new Set(
    (spoken.length > 0 ? spoken : languages).flatMap((code) => resolveDay(day, code, written) ?? []),
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
function spokenWords(): Cues {
  if (spoken) return spoken;
  const languages = new Map<string, string[]>();
  for (const { code, answers } of LANGUAGES)
    for (const word of new Set(
      [
        answers?.auto,
        answers?.away,
        answers?.absent,
        answers?.texts,
        answers?.absence?.returns,
        answers?.absence?.untils,
      ]
        .flatMap((list) => list ?? [])
        .map(plain),
    ))
      languages.set(word, [...(languages.get(word) ?? []), code]);
  spoken = { phrases: wordSet([...languages.keys()]), languages };
  return spoken;
}

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
