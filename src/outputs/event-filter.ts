import { z } from "zod";
import { AUTHENTICITIES, EVENT_KINDS, REASONS, SEVERITIES, type BouncedEvent } from "../event/event.ts";
import { CREDIBLE } from "../event/credible.ts";

const oneOrMore = <Item extends z.ZodType<string>>(item: Item) =>
  z.union([item.transform((value) => [value]), z.array(item).min(1)]).optional();

/** Which events an endpoint gets: all that is given must hold; a list holds when one of its values does. */
export const eventFilterSchema = z.strictObject({
  kind: oneOrMore(z.enum(EVENT_KINDS)),
  severity: oneOrMore(z.enum(SEVERITIES)),
  reason: oneOrMore(z.enum(REASONS)),
  /** Of the recipient. */
  domain: oneOrMore(z.string().toLowerCase()),
  /** Of the sender: the bounce domain the report came to. */
  bounceDomain: oneOrMore(z.string().toLowerCase()),
  tag: oneOrMore(z.string()),
  /** Whoever wants what nothing proves must say so. */
  authenticity: z
    .union([z.enum(AUTHENTICITIES).transform((value) => [value]), z.array(z.enum(AUTHENTICITIES)).min(1)])
    .default([...CREDIBLE]),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

export function passes(filter: EventFilter, event: BouncedEvent): boolean {
  const forwardPath = event.message.envelope.forwardPath;
  return (
    isOneOf(filter.authenticity, event.authenticity) &&
    isOneOf(filter.kind, event.kind) &&
    isOneOf(filter.severity, event.severity) &&
    isOneOf(filter.reason, event.reason) &&
    isOneOf(filter.domain, event.recipient.domain) &&
    isOneOf(filter.bounceDomain, forwardPath?.slice(forwardPath.lastIndexOf("@") + 1).toLowerCase() ?? null) &&
    isOneOf(filter.tag, event.returnPath?.tag ?? null)
  );
}

const isOneOf = (allowed: readonly string[] | undefined, value: string | null): boolean =>
  allowed === undefined || (value !== null && allowed.includes(value));
