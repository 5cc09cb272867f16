/** When a weekly mail is due, in the time zone of its readers. Pure. */
import type { ViewMailSettings } from "./saved-view.ts";

const QUARTER_MS = 15 * 60_000;
/** A week, and a day for clocks that change. */
const QUARTERS = 8 * 24 * 4;

/** The last time that the hour of the day began, ms. Where clocks leave the hour out, it is the next one of that day. */
export function lastDue(
  { weekday, hour, timeZone }: Pick<ViewMailSettings, "weekday" | "hour" | "timeZone">,
  now: number,
): number {
  const format = new Intl.DateTimeFormat("en", { timeZone, weekday: "long", hour: "2-digit", hourCycle: "h23" });
  const isThen = (ms: number): boolean => {
    const parts = format.formatToParts(ms);
    const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
    return of("weekday").toLowerCase() === weekday && Number(of("hour")) >= hour;
  };
  const latest = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  let found: number | null = null;
  for (let at = 0; at < QUARTERS; at++) {
    const ms = latest - at * QUARTER_MS;
    if (isThen(ms)) found = ms;
    else if (found !== null) break;
  }
  return found ?? 0;
}
