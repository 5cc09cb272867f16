/**
 * What one message may come to: a bound on the octets of all its events together. What a message says once stands in
 * the event of every recipient, so that a quarter of a megabyte could become hundreds.
 */
import type { BouncedEvent } from "./event.ts";
import { isCredible } from "./credible.ts";

/** Of JSON. A genuine report of 1,000 recipients stays below. */
export const MAX_EVENT_OCTETS = 4 * 1024 * 1024;

interface Limits {
  readonly items: number;
  readonly itemText: number;
  readonly text: number;
}

/** Tried in this order: lists first, then every text that is long. After these, recipients go, those that nothing proves first. */
const STEPS: readonly Limits[] = [
  { items: 10, itemText: 500, text: Infinity },
  { items: 2, itemText: 200, text: 300 },
];

/** What is cut. Neither the verdict nor what it is about: ids, addresses, codes stay as they are. */
const CUT = ["evidence", "diagnostic", "original", "feedback", "warnings"] as const;

/** The same events where they are within the budget; else cut, each with the warning `over-budget`. */
export function withinBudget(
  events: readonly BouncedEvent[],
  maxOctets: number = MAX_EVENT_OCTETS,
): readonly BouncedEvent[] {
  if (boundOf(events) <= maxOctets) return events;
  let octets = sizesOf(events);
  if (sum(octets) <= maxOctets) return events;
  let cut = events;
  for (const limits of STEPS) {
    const once = createCutter(limits);
    cut = events.map((event) => ({ ...event, ...Object.fromEntries(CUT.map((key) => [key, once(event[key])])) }));
    octets = sizesOf(cut);
    if (sum(octets) <= maxOctets) break;
  }
  const kept = whatFits(cut, octets, maxOctets);
  const value =
    kept.length < events.length ? `${events.length} recipients, kept ${kept.length}` : "lists and texts were cut";
  const warning = { code: "over-budget", value };
  const withWarning = createOnce((warnings: BouncedEvent["warnings"]) => [...warnings, warning]);
  return kept.map((event) => ({ ...event, warnings: withWarning(event.warnings) }));
}

/**
 * At least one, in the order of the report. What is credible goes last, wherever the report names it: a list of made-up
 * recipients before it must not push out the one that we wrote to.
 */
function whatFits(
  events: readonly BouncedEvent[],
  octets: readonly number[],
  maxOctets: number,
): readonly BouncedEvent[] {
  const places = events.map((_, at) => at);
  const isCredibleAt = (at: number): boolean => isCredible(events[at]!);
  const kept = new Set<number>();
  let left = maxOctets;
  for (const at of [...places.filter(isCredibleAt), ...places.filter((one) => !isCredibleAt(one))]) {
    // Each gets a warning besides.
    left -= (octets[at] ?? 0) + WARNING_OCTETS;
    if (left < 0 && kept.size > 0) break;
    kept.add(at);
  }
  return events.filter((_, at) => kept.has(at));
}

const WARNING_OCTETS = 100;

const jsonOctets = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/** At least as many octets as all of them have, without writing them: nearly every message is far below the budget. */
function boundOf(events: readonly BouncedEvent[]): number {
  if (events.length === 1) return atMost(events[0]);
  const once = createOnce(atMost);
  let octets = 0;
  for (const event of events)
    for (const key in event) {
      const value: unknown = event[key as keyof BouncedEvent];
      octets += key.length + 4 + (typeof value === "object" && value !== null ? once(value) : atMost(value));
    }
  return octets;
}

function atMost(value: unknown): number {
  // `\u0000`
  if (typeof value === "string") return value.length * 6 + 2;
  if (typeof value !== "object" || value === null) return 25;
  let octets = 2;
  if (Array.isArray(value)) for (const inner of value) octets += atMost(inner) + 1;
  else for (const key in value) octets += key.length * 6 + 4 + atMost((value as Record<string, unknown>)[key]);
  return octets;
}

/** Of the JSON of each. What several events have in common is one object, and measured once. */
function sizesOf(events: readonly BouncedEvent[]): readonly number[] {
  const sizeOf = createOnce(jsonOctets);
  return events.map((event) => {
    let octets = 0;
    for (const [key, value] of Object.entries(event))
      octets +=
        key.length +
        4 +
        (typeof value === "string"
          ? Buffer.byteLength(value) + 2
          : typeof value === "object" && value !== null
            ? sizeOf(value)
            : 4);
    return octets;
  });
}

/** Mappings of whatever names a message likes. */
const OPEN = new Set(["headers", "extensions"]);

/** What is the same object in several events stays so. */
function createCutter({ items, itemText, text }: Limits): (value: unknown) => unknown {
  const cut = (value: unknown, maxText: number, name = ""): unknown => {
    if (typeof value === "string") return name === "messageId" ? value : value.slice(0, maxText).toWellFormed();
    if (typeof value !== "object" || value === null) return value;
    const maxInside = Math.min(maxText, itemText);
    if (Array.isArray(value)) return value.slice(0, items).map((item) => cut(item, maxInside));
    const entries = Object.entries(value);
    return OPEN.has(name)
      ? Object.fromEntries(entries.slice(0, items).map(([key, inner]) => [key.slice(0, 80), cut(inner, maxInside)]))
      : Object.fromEntries(entries.map(([key, inner]) => [key, cut(inner, maxText, key)]));
  };
  return createOnce((value: unknown) => cut(value, text));
}

function createOnce<Value, Result>(work: (value: Value) => Result): (value: Value) => Result {
  const known = new Map<Value, Result>();
  return (value) => {
    let result = known.get(value);
    if (result === undefined) known.set(value, (result = work(value)));
    return result;
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
