/** The filter of the log as query parameters: the same names in the API, in the pages and in links between them. */
import { z } from "zod";
import { ADVICES, AUTHENTICITIES, EVENT_KINDS, FAULTS, REASONS, SEVERITIES } from "../event/event.ts";
import { listOf, orNothing } from "./list-parameter.ts";
import { checkPeriod, DIRECTIONS, SORT_COLUMNS, type LogFilter } from "../store/log/log-query.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const text = (what: string) => z.preprocess(orNothing, z.string().trim().max(500).optional()).describe(what);
const words = (what: string) => listOf(z.string().max(320), what);

/** A day or an instant. */
export const instant = (what: string) =>
  z
    .preprocess(
      orNothing,
      z
        .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: "expected YYYY-MM-DD or an ISO 8601 time" })
        .optional(),
    )
    .describe(what);

export const filterShape = {
  from: instant("first day or instant, YYYY-MM-DD (UTC) or ISO 8601"),
  to: instant("last day, included; or the instant before which"),
  kind: listOf(z.enum(EVENT_KINDS), "kind of event"),
  severity: listOf(z.enum(SEVERITIES), "hard, soft, block …"),
  reason: listOf(z.enum(REASONS), "reason"),
  fault: listOf(z.enum(FAULTS), "whose fault"),
  advice: listOf(z.enum(ADVICES), "what to do"),
  authenticity: listOf(z.enum(AUTHENTICITIES), "how sure it is that we sent the mail"),
  status: listOf(
    z.string().regex(/^[245](\.\d{1,3}){0,2}\.?$/, "expected 5.1.1, 5.1. or 5."),
    "enhanced status or its beginning",
  ),
  replyCode: listOf(z.coerce.number().int().min(100).max(999), "three-digit reply code"),
  failureCode: listOf(z.coerce.number().int().min(0).max(99_999), "four-digit failure code"),
  provider: words("who refused"),
  software: words("who wrote the report"),
  format: words("which reader read it"),
  evidence: words("source of the evidence that decided"),
  rule: words("rule that decided"),
  domain: words("recipient's domain, exactly"),
  senderDomain: words("sender's domain, exactly"),
  sendingAddress: words("IP address our mail was sent from"),
  tag: words("tag of the return path"),
  message: words("SHA-256 of the message"),
  address: words("recipient, exactly"),
  recipient: text("any part of the recipient"),
  sender: text("any part of the sender"),
  subject: text("any part of the subject"),
  messageId: text("any part of the Message-ID"),
  diagnostic: text("any part of the diagnostic text"),
  header: z
    .preprocess(
      orNothing,
      z
        .string()
        .max(500)
        .regex(/^[\w-]+(:.*)?$/, "expected a name, or name:value")
        .optional(),
    )
    .describe("kept header, `x-api-data` or `x-api-data:part of its value`"),
} as const;

export const filterSchema = z.strictObject(filterShape);
export type FilterQuery = z.infer<typeof filterSchema>;

export const sortShape = {
  sort: z.preprocess(orNothing, z.enum(SORT_COLUMNS).default("received")).describe("column to sort by"),
  direction: z.preprocess(orNothing, z.enum(DIRECTIONS).default("desc")).describe("newest or largest first: desc"),
} as const;

export const pageShape = {
  limit: z.preprocess(orNothing, z.coerce.number().int().min(1).max(1000).default(50)).describe("entries per page"),
  cursor: z
    .preprocess(orNothing, z.string().max(2000).optional())
    .describe("`next` of the page before, with the same filter and sort"),
} as const;

interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** As instants. A last day is included: the end becomes the beginning of the day after. */
export function periodOfQuery({ from, to }: Period): Period {
  const period = {
    from: from && new Date(from).toISOString(),
    to: to && new Date(Date.parse(to) + (to.includes("T") ? 0 : DAY_MS)).toISOString(),
  };
  checkPeriod(period);
  return period;
}

export function filterOf(query: FilterQuery): LogFilter {
  const { header, from, to, ...rest } = query;
  const filter: LogFilter = { ...rest, ...periodOfQuery({ from, to }) };
  if (header === undefined) return filter;
  const colon = header.indexOf(":");
  return colon < 0
    ? { ...filter, header: { name: header.toLowerCase(), value: "" } }
    : { ...filter, header: { name: header.slice(0, colon).toLowerCase(), value: header.slice(colon + 1).trim() } };
}

/** What the filter says, as query parameters again: for links that add to it. */
export function parametersOf(query: FilterQuery): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([name, value]) => name in filterShape && value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : String(value)]),
  );
}
