/**
 * The events of one message as they wait for the log: the first in full, of each other one only what differs from it.
 * What a message says once is carried once, however many recipients it names.
 */
import type { BouncedEvent } from "../event/event.ts";

export function foldEvents(events: readonly BouncedEvent[]): readonly Partial<BouncedEvent>[] {
  const [first, ...rest] = events;
  if (!first) return [];
  const known = Object.entries(first);
  return [
    first,
    ...rest.map((event): Partial<BouncedEvent> => {
      const values = event as unknown as Readonly<Record<string, unknown>>;
      return Object.fromEntries(known.flatMap(([key, value]) => (values[key] === value ? [] : [[key, values[key]]])));
    }),
  ];
}

/** The same events, their keys in the same order. */
export function unfoldEvents(folded: readonly Partial<BouncedEvent>[]): readonly BouncedEvent[] {
  const [first] = folded;
  return folded.map((event) => ({ ...first, ...event }) as BouncedEvent);
}
