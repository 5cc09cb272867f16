/** Dates in mail -> ISO 8601 in UTC. RFC 5322 section 3.3 with its obsolete forms, asctime, ISO 8601. */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** RFC 5322 section 4.3 and the European names that real servers write. Minutes east of UTC. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ["UT", 0],
  ["UTC", 0],
  ["GMT", 0],
  ["Z", 0],
  ["WET", 0],
  ["BST", 60],
  ["CET", 60],
  ["MET", 60],
  ["CEST", 120],
  ["MEST", 120],
  ["EET", 120],
  ["EEST", 180],
  ["MSK", 180],
  ["JST", 540],
  ["EST", -300],
  ["EDT", -240],
  ["CST", -360],
  ["CDT", -300],
  ["MST", -420],
  ["MDT", -360],
  ["PST", -480],
  ["PDT", -420],
]);

const MAIL =
  /(\d{1,2})[ -]([A-Za-z]{3})[a-z]{0,6}\.?[ -,]{1,2}(\d{4}|\d{2})[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp][Mm]\b)?\s*([+-]\d{4}|[A-Z]{1,5}\b)?/;
const ASCTIME =
  /([A-Za-z]{3})[a-z]{0,6} {1,2}(\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2}))? (?:([+-]\d{4}|[A-Z]{2,5}) )?(\d{4})/;
const ISO = /(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?/;

/** A date without a zone, or with `-0000`, is taken as UTC. Null for anything that is no date, e.g. 31 February. */
export function parseDate(value: string): string | null {
  if (value === "") return null;
  const text = /\s\s|[^\S ]/.test(value) ? value.replace(/\s+/g, " ") : value;
  const mail = MAIL.exec(text);
  if (mail) {
    const hour = Number(mail[4]) + (/^p/i.test(mail[7] ?? "") && Number(mail[4]) < 12 ? 12 : 0);
    return instant(fullYear(mail[3]!), monthOf(mail[2]!), Number(mail[1]), hour, mail[5], mail[6], mail[8]);
  }
  const ctime = ASCTIME.exec(text);
  if (ctime) {
    const [, month, day, hour, minute, second, zone, year] = ctime;
    return instant(Number(year), monthOf(month!), Number(day), Number(hour), minute, second, zone);
  }
  const iso = ISO.exec(text);
  if (!iso) return null;
  const [, year, month, day, hour, minute, second, zone] = iso;
  return instant(Number(year), Number(month) - 1, Number(day), Number(hour), minute, second, zone?.replace(":", ""));
}

const monthOf = (name: string): number => MONTHS.indexOf(name.toLowerCase());
/** RFC 5322 section 4.3: two digits below 50 are this century. */
const fullYear = (digits: string): number =>
  digits.length === 4 ? Number(digits) : Number(digits) + (Number(digits) < 50 ? 2000 : 1900);

function instant(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: string | undefined,
  second: string | undefined,
  zone: string | undefined,
): string | null {
  if (month < 0 || month > 11 || day < 1 || day > daysOf(year, month) || year < 1970) return null;
  const minutes = Number(minute ?? 0);
  const seconds = Math.min(Number(second ?? 0), 59);
  if (hour > 23 || minutes > 59) return null;
  const offset = offsetOf(zone);
  // Most servers write UTC: then the parts are the answer, ten times faster than through a Date.
  if (offset === 0 && year <= 9999)
    return `${year}-${two(month + 1)}-${two(day)}T${two(hour)}:${two(minutes)}:${two(seconds)}.000Z`;
  return new Date(Date.UTC(year, month, day, hour, minutes, seconds) - offset * 60_000).toISOString();
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const daysOf = (year: number, month: number): number => (month === 1 && isLeap(year) ? 29 : (DAYS[month] ?? 0));

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === "+0000" || zone === "-0000") return 0;
  const numeric = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (!numeric) return ZONES.get(zone) ?? 0;
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3]);
  // More than 14 hours is no zone of this planet (seen: `+9999`).
  if (minutes > 14 * 60) return 0;
  return numeric[1] === "-" ? -minutes : minutes;
}
