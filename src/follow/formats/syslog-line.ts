/** The head that syslog, postlogd or journald writes before a program's own words: RFC 3164 or RFC 3339 date, host, program. */

export interface SyslogLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly host: string;
  /** e.g. `postfix/smtp`. */
  readonly program: string;
  readonly text: string;
}

const HEAD =
  /^(?:<\d{1,3}>)?(?:([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d)|(\d{4}-\d\d-\d\dT\S{8,32})) (\S{1,255}) ([^\s[\]:]{1,100})(?:\[\d{1,10}\])?: /;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_MS = 86_400_000;

/** Null where the line has no such head. */
export function readSyslogLine(line: string, now: number): SyslogLine | null {
  const head = HEAD.exec(line);
  if (!head) return null;
  const [whole, month, day, time, stamp, host = "", program = ""] = head;
  const at = stamp === undefined ? yearlessTime(month ?? "", Number(day), time ?? "", now) : instantIn(stamp);
  return at === null ? null : { at, host, program, text: line.slice(whole.length) };
}

/** Of a date with a time zone, or in local time without one; null for none. */
export function instantIn(text: string): string | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

let lastDay = "";
let lastMidnight = 0;

/** In local time, as syslog writes it, of the year in which it was not in the future. */
function yearlessTime(month: string, day: number, time: string, now: number): string | null {
  const at = MONTHS.indexOf(month);
  if (at < 0 || day < 1 || day > 31) return null;
  const year = new Date(now).getFullYear();
  const key = `${year} ${month} ${day} ${now - (now % DAY_MS)}`;
  if (key !== lastDay) {
    const midnight = new Date(year, at, day);
    if (midnight.getTime() > now + DAY_MS) midnight.setFullYear(year - 1);
    lastDay = key;
    lastMidnight = midnight.getTime();
  }
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  // Twice a year a day has another length: the clock is then asked for the very time.
  const midnight = new Date(lastMidnight);
  midnight.setHours(hours, minutes, seconds);
  return midnight.toISOString();
}
