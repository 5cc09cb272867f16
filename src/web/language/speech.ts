/** Numbers, amounts, times, plurals and lists as a language writes them, by Intl. */
import type { Language } from "../../config/config.ts";
import { html, type Html, type HtmlValue } from "../html.ts";

/** `#` is the number: `{ one: "# event", other: "# events" }`. A language names the categories that it has. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;

/** Marks words of a sentence, as a link for example: the sentence says which words and where. */
export type Wrap = (words: HtmlValue) => Html;

export interface Speech {
  /** `1,204` */
  readonly count: (value: number) => string;
  /** `1.2K` */
  readonly compact: (value: number) => string;
  readonly plural: (count: number, forms: PluralForms) => string;
  /** `12.5%`; of a whole of 0 there is no share. */
  readonly share: (part: number, whole: number) => string;
  /** `0.12%`: a complaint rate is a matter of hundredths. */
  readonly rate: (part: number, whole: number) => string;
  /** `0.3%`, as exact as it is given. */
  readonly percent: (fraction: number) => string;
  /** `3 min`, `2 days` */
  readonly age: (ms: number) => string;
  readonly bytes: (count: number) => string;
  /** `2026-05-01 12:00 UTC` in English, in other languages their own order. */
  readonly time: (iso: string) => string;
  /** `2026-05-01` -> `01.05.2026` */
  readonly day: (iso: string) => string;
  /** `2026-05-01` -> `05-01`, `01.05.`: under a bar, where the year is known. */
  readonly shortDay: (iso: string) => string;
  /** `a, b and c`; with `or`: `a, b or c` */
  readonly list: (parts: readonly HtmlValue[], type?: "and" | "or") => Html;
  /** Both sentences, one after the other. */
  readonly sentences: (...parts: readonly string[]) => string;
}

/** English dates are those of ISO 8601: 05/01 is a day in May here and in January there. Swedish ones have this form. */
const dateLocale = (language: Language): string => (language === "en" ? "sv" : language);

const DAY = { year: "numeric", month: "2-digit", day: "2-digit", timeZone: "UTC" } as const;
const TIME = { ...DAY, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
/** Japanese writes no blank between sentences. */
const BETWEEN_SENTENCES: Readonly<Partial<Record<Language, string>>> = { ja: "" };

const speeches = new Map<Language, Speech>();

export function speechOf(language: Language): Speech {
  const known = speeches.get(language);
  if (known) return known;
  const made = makeSpeech(language);
  speeches.set(language, made);
  return made;
}

function makeSpeech(language: Language): Speech {
  const integer = new Intl.NumberFormat(language);
  const compact = new Intl.NumberFormat(language, { notation: "compact" });
  const rules = new Intl.PluralRules(language);
  const percent = [0, 1, 2].map(
    (digits) =>
      new Intl.NumberFormat(language, {
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  const exact = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  const lists = {
    and: new Intl.ListFormat(language, { type: "conjunction" }),
    or: new Intl.ListFormat(language, { type: "disjunction" }),
  };
  const time = new Intl.DateTimeFormat(dateLocale(language), TIME);
  const day = new Intl.DateTimeFormat(dateLocale(language), DAY);
  const monthAndDay = new Intl.DateTimeFormat(language, { month: "2-digit", day: "2-digit", timeZone: "UTC" });
  const amount = (value: number, unit: string, unitDisplay: "short" | "long" = "short", digits = 0): string =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit,
      unitDisplay,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);
  const inPercent = (part: number, whole: number, digits: number): string =>
    whole === 0 ? "–" : (percent[digits]?.format(part / whole) ?? "");
  return {
    count: (value) => integer.format(value),
    compact: (value) => compact.format(value),
    plural: (count, forms) => (forms[rules.select(count)] ?? forms.other).replace("#", integer.format(count)),
    share: (part, whole) => inPercent(part, whole, part / whole < 0.1 ? 1 : 0),
    rate(part, whole) {
      const hundredths = (100 * part) / whole;
      return inPercent(part, whole, hundredths === 0 || hundredths >= 10 ? 0 : hundredths >= 1 ? 1 : 2);
    },
    percent: (fraction) => exact.format(fraction),
    age(ms) {
      const minutes = ms / 60_000;
      if (minutes < 1) return amount(Math.max(0, Math.round(ms / 1000)), "second");
      if (minutes < 90) return amount(Math.round(minutes), "minute");
      if (minutes < 48 * 60) return amount(Math.round(minutes / 60), "hour");
      return amount(Math.round(minutes / 1440), "day", "long");
    },
    bytes: (count) =>
      count < 1000
        ? amount(count, "byte", "long")
        : count < 1_000_000
          ? amount(count / 1000, "kilobyte", "short", 1)
          : amount(count / 1e6, "megabyte", "short", 1),
    time: (iso) => `${time.format(new Date(iso))} UTC`,
    day: (iso) => day.format(new Date(iso)),
    // Swedish has no such order without a year.
    shortDay: (iso) => (language === "en" ? iso.slice(5, 10) : monthAndDay.format(new Date(iso))),
    list: (parts, type = "and") =>
      html`${lists[type]
        .formatToParts(parts.map((_, index) => String(index)))
        .map((part) => (part.type === "element" ? parts[Number(part.value)] : part.value))}`,
    sentences: (...parts) => parts.join(BETWEEN_SENTENCES[language] ?? " "),
  };
}
