/** Days named in text, in the spellings of the languages asked for: `5. Januar 2026`, `Jan 5th`, `05/01`, `1月5日`. */
import { plain } from "../../knowledge/plain.ts";

/** A day as it is written. What it means depends on the language, and without a year on the day it was written. */
export interface NamedDay {
  /** Place in the text. */
  readonly start: number;
  readonly end: number;
  readonly year: number | null;
  readonly month: Month;
}
/** In the order in which they stand; `word` is the name of a month. */
type Month =
  | { readonly kind: "word"; readonly word: string; readonly day: number }
  | { readonly kind: "pair"; readonly first: number; readonly second: number; readonly mark: string }
  | { readonly kind: "known"; readonly month: number; readonly day: number };

const NUMBER = /\d{1,4}/g;
const YEAR_FIRST =
  /(20\d\d|25[67]\d)(?:\s?[-/.年년]\s?)(\d{1,2})(?:\s?[-/.月월]\s?)(\d{1,2})(?:\s?[日일]|(?![\d./-]*\d))/y;
const EAST_ASIAN = /(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]/y;
const VIETNAMESE = /(\d{1,2})\s?thang\s?(\d{1,2})(?:[\s,]{1,2}(?:nam\s)?(20\d\d))?/y;
const PAIR = /(\d{1,2})\s?([./-])\s?(\d{1,2})(?:\s?\2\s?(20\d\d|\d\d)(?!\d))?(?![\d:])/y;
const ORDINAL = String.raw`(?:st|nd|rd|th|er|e|º|o\.?|ª|a|\.|:e|os|η)?`;
const LINK = String.raw`(?:(?:of|de|d'|di|del|den|da|do|,)\s?)?`;
const DAY_FIRST = new RegExp(
  String.raw`(\d{1,2})${ORDINAL}[\s,]{0,2}${LINK}([\p{L}\p{M}]{3,14})\.?(?:[\s,]{1,2}(?:de|del|of|do)?\s?(20\d\d)(?!\d))?`,
  "yu",
);
const DAY_LAST = new RegExp(String.raw`(\d{1,2})${ORDINAL}(?![\p{L}\d:.]?\d)(?:[\s,]{1,3}(20\d\d)(?!\d))?`, "yu");
const WORD_BEFORE = /(?<![\p{L}\p{M}])([\p{L}\p{M}]{3,14})\.?,?\s$/u;
/** `2026. januar 5.` */
const YEAR_BEFORE = /(20\d\d)\.?\s$/;

const MAX_DAYS = 40;

/**
 * In text in `plain` form, in order. A number may be read in two ways, `May 5 June`; which words are months is for
 * `resolveDay` to say.
 */
export function daysIn(text: string): readonly NamedDay[] {
  const days: NamedDay[] = [];
  let end = 0;
  for (const { index } of text.matchAll(NUMBER)) {
    if (days.length >= MAX_DAYS) break;
    if (index < end || /[\d.:/]/.test(text[index - 1] ?? "")) continue;
    const found = daysAt(text, index);
    days.push(...found);
    const [first] = found;
    // `24-31 December` is no day in itself.
    if (first && first.month.kind !== "word" && !(first.month.kind === "pair" && isRange(first))) ({ end } = first);
  }
  return days;
}

function daysAt(text: string, start: number): readonly NamedDay[] {
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = start;
    return pattern.exec(text);
  };
  const day = (found: RegExpExecArray, month: Month, year: number | null): NamedDay => ({
    start,
    end: start + found[0].length,
    year,
    month,
  });
  const yearFirst = match(YEAR_FIRST);
  if (yearFirst) return [day(yearFirst, known(yearFirst[2], yearFirst[3]), yearOf(yearFirst[1]))];
  const asian = match(EAST_ASIAN);
  if (asian) return [day(asian, known(asian[1], asian[2]), null)];
  const vietnamese = match(VIETNAMESE);
  if (vietnamese) return [day(vietnamese, known(vietnamese[2], vietnamese[1]), yearOf(vietnamese[3]))];
  const pair = match(PAIR);
  if (pair) {
    const month = { kind: "pair", first: Number(pair[1]), second: Number(pair[3]), mark: pair[2]! } as const;
    return [day(pair, month, yearOf(pair[4]))];
  }
  const days: NamedDay[] = [];
  const dayFirst = match(DAY_FIRST);
  if (dayFirst)
    days.push(day(dayFirst, { kind: "word", word: dayFirst[2]!, day: Number(dayFirst[1]) }, yearOf(dayFirst[3])));
  const word = WORD_BEFORE.exec(text.slice(Math.max(0, start - 18), start));
  const dayLast = word && match(DAY_LAST);
  if (word && dayLast) {
    const begin = start - word[0].length;
    const before = YEAR_BEFORE.exec(text.slice(Math.max(0, begin - 6), begin));
    const month = { kind: "word", word: word[1]!, day: Number(dayLast[1]) } as const;
    const named = day(dayLast, month, yearOf(dayLast[2] ?? before?.[1]));
    days.push({ ...named, start: begin - (before?.[0].length ?? 0) });
  }
  return days;
}

/** Buddhist years are 543 ahead; `26` is 2026. */
function yearOf(written: string | undefined): number | null {
  if (written === undefined) return null;
  const year = Number(written);
  if (year > 2500) return year - 543;
  return year < 100 ? year + 2000 : year;
}

const known = (month: string | undefined, day: string | undefined): Month => ({
  kind: "known",
  month: Number(month),
  day: Number(day),
});

/** Languages whose numbers stand as month and day; in English both orders are usual, and nobody can tell them apart. */
const MONTH_BEFORE_DAY: ReadonlySet<string> = new Set(["hu", "ja", "ko", "zh", "lt"]);

const DAY_MS = 86_400_000;
/** Longest absence in days. A day without a year that lies further ahead belongs to a year that is over. */
const MAX_AHEAD = { withYear: 400, withoutYear: 183 } as const;

/** What a day means depends on it too. */
export interface DayReading {
  /** When the text was written, ms. */
  readonly written: number;
  /** Of numbers in a language that has both orders; null where nothing in the text tells. */
  readonly order: "month first" | "day first" | null;
}

/** `12/24` cannot be a 24th month: what stands beside it is written in the same order. */
export function orderIn(days: readonly NamedDay[]): DayReading["order"] {
  const orders = new Set(
    days.flatMap(({ month }) => {
      if (month.kind !== "pair" || month.first > 31 || month.second > 31) return [];
      if (month.second > 12 && month.first <= 12) return ["month first" as const];
      return month.first > 12 && month.second <= 12 ? ["day first" as const] : [];
    }),
  );
  return orders.size === 1 ? [...orders][0]! : null;
}

/**
 * `2026-01-05`, or null: no day of the calendar, before the day it was written, too far ahead, or not to be told apart
 * from another. `language`: code of the language of the text.
 */
export function resolveDay(named: NamedDay, language: string, { written, order }: DayReading): string | null {
  const found = new Set<string>();
  const last = written + (named.year === null ? MAX_AHEAD.withoutYear : MAX_AHEAD.withYear) * DAY_MS;
  for (const { month, day } of readingsOf(named, language, order)) {
    const year = new Date(written).getUTCFullYear();
    for (const candidate of named.year === null ? [year - 1, year, year + 1] : [named.year]) {
      const at = Date.UTC(candidate, month - 1, day);
      const isDay = month >= 1 && new Date(at).getUTCMonth() === month - 1 && day >= 1;
      // It is a day later already where the absent lives, or a day earlier.
      if (isDay && at >= written - 2 * DAY_MS && at <= last) found.add(new Date(at).toISOString().slice(0, 10));
    }
  }
  // Without a year it is the next such day.
  const [first = null, ...others] = [...found].toSorted();
  return others.every((other) => first?.slice(5) === other.slice(5)) ? first : null;
}

function readingsOf(
  named: NamedDay,
  language: string,
  order: DayReading["order"],
): readonly { readonly month: number; readonly day: number }[] {
  const { month, year } = named;
  if (month.kind === "known") return [month];
  if (month.kind === "word") {
    const found = monthNamed(month.word, language);
    return found === null ? [] : [{ month: found, day: month.day }];
  }
  const { first, second, mark } = month;
  // `5.30` is a time, and `1-2` a range, as often as a day.
  if (isRange(named) || (year === null && mark === "." && language === "en")) return [];
  const dayFirst = { month: second, day: first };
  const monthFirst = { month: first, day: second };
  if (MONTH_BEFORE_DAY.has(language)) return [monthFirst];
  if (language !== "en" || mark === "." || first === second) return [dayFirst];
  if (order === null) return [dayFirst, monthFirst];
  return order === "day first" ? [dayFirst] : [monthFirst];
}

const isRange = ({ month, year }: NamedDay): boolean => month.kind === "pair" && month.mark === "-" && year === null;

const months = new Map<string, ReadonlyMap<string, number>>();

/** Letters of an ending that a language may put in the place of another. */
const ENDING = 3;
const MIN_STEM = 4;

function monthNamed(word: string, language: string): number | null {
  const names = monthsOf(language);
  const exact = names.get(word);
  if (exact !== undefined) return exact;
  // `janvārim` is a case of `janvāris`.
  const near = [...names].filter(([name]) => {
    const stem = name.slice(0, Math.max(MIN_STEM, name.length - ENDING));
    return name.length >= MIN_STEM && word.startsWith(stem) && word.length <= name.length + ENDING;
  });
  const found = new Set(near.map(([, month]) => month));
  return found.size === 1 ? [...found][0]! : null;
}

/** Names of months in a language: alone and in a date, long and short, in `plain` form. */
function monthsOf(language: string): ReadonlyMap<string, number> {
  const present = months.get(language);
  if (present) return present;
  const names = new Map<string, number>();
  // Austria's January is `Jänner`.
  const locales = language === "de" ? ["de", "de-AT"] : [language];
  const forms = locales.flatMap((locale) =>
    (["long", "short"] as const).flatMap((month) =>
      ([undefined, "numeric"] as const).map((day) => ({ locale, month, day })),
    ),
  );
  for (const { locale, month, day } of forms) {
    const format = new Intl.DateTimeFormat(`${locale}-u-ca-gregory-nu-latn`, { month, day, timeZone: "UTC" });
    for (let number = 1; number <= 12; number++) {
      const name = format
        .formatToParts(Date.UTC(2026, number - 1, 15))
        .filter(({ type }) => type === "month")
        .map(({ value }) => plain(value).replace(/\.$/, ""))
        .join("");
      if (/^[\p{L}\p{M}]{3,14}$/u.test(name)) names.set(name, number);
    }
  }
  if (language === "en") names.set("sept", 9);
  months.set(language, names);
  return names;
}
