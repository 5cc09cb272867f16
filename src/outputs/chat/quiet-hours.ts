/** Hours in which an endpoint gets nothing: what comes then waits for their end. */
import { z } from "zod";

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "expected a time such as 22:00");

export const quietHoursSchema = z.strictObject({
  from: time,
  to: time,
  /** IANA name, e.g. `Europe/Berlin`. */
  timezone: z
    .string()
    .default("UTC")
    .refine((name) => isTimezone(name), "expected a time zone such as Europe/Berlin"),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const DAY_MINUTES = 24 * 60;
const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** Milliseconds until the quiet hours end; 0 outside of them. */
export function quietFor({ from, to, timezone }: QuietHours, now: number): number {
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: timezone });
  const minute = minutesOf(clock.format(now));
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const length = (end - start + DAY_MINUTES) % DAY_MINUTES;
  const since = (minute - start + DAY_MINUTES) % DAY_MINUTES;
  return since < length ? (length - since) * 60_000 - (now % 60_000) : 0;
}
