/** An incident: failures of one cause at one provider, or at many, that rose beyond chance. */
import { z } from "zod";
import { FAULTS, REASONS, SEVERITIES, type Reason } from "../../event/event.ts";

export const INCIDENT_STATES = ["open", "cleared"] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** In place of a provider: several of them. `""` stands for servers of no known provider. */
export const EVERYWHERE = "*";

export const SCOPE_DIMENSIONS = ["tag", "senderDomain", "sender", "sendingAddress", "domain"] as const;
export type ScopeDimension = (typeof SCOPE_DIMENSIONS)[number];

/** `only`: nearly all of it, and not of the other mail. `mostly`: far more of it than of the other mail. */
export const SCOPE_EXTENTS = ["only", "mostly", "part"] as const;

const share = z.number().min(0).max(1);
const counted = z.object({ value: z.string(), count: z.number().int() });

export const scopePartSchema = z.object({
  dimension: z.enum(SCOPE_DIMENSIONS),
  value: z.string(),
  extent: z.enum(SCOPE_EXTENTS),
  /** Of the incident. */
  share,
  /** Of the other mail in the same hours; null where nothing is known of it. */
  shareOfMail: share.nullable(),
});
export type ScopePart = z.infer<typeof scopePartSchema>;

export const incidentSchema = z.object({
  schema: z.literal("bounced.incident/1"),
  id: z.string(),
  state: z.enum(INCIDENT_STATES),
  reason: z.enum(REASONS),
  fault: z.enum(FAULTS),
  severity: z.enum(SEVERITIES),
  provider: z.string().describe("`*`: several, see `providers`; empty: servers of no known provider"),
  /** Where it is, most failures first. */
  providers: z.array(counted).readonly(),
  startedAt: z.iso.datetime().describe("when failures began to rise"),
  openedAt: z.iso.datetime().describe("when the rise was found"),
  seenAt: z.iso.datetime().describe("its newest event"),
  clearedAt: z.iso.datetime().nullable(),
  byHand: z.boolean().default(false).describe("a person cleared it: the same failures do not open it again for a day"),
  updatedAt: z.iso.datetime(),
  /** Credible events since the hour in which it started. */
  count: z.number().int(),
  proven: z.number().int().describe("of `count`; the others are likely"),
  delayed: z.number().int().describe("of `count`: delays, the others are refusals"),
  expectedPerHour: z.number().describe("what the days before let expect"),
  /** In the window in which it was found; null where no sends are known. */
  rate: z
    .object({ failed: z.number().int(), sent: z.number().int(), before: z.number().describe("0 to 1") })
    .nullable(),
  recipients: z.object({
    count: z.number().int(),
    suppressed: z.number().int().describe("of `count`: on the suppression list now"),
    atLeast: z.boolean().describe("not every event was looked at: there may be more"),
  }),
  status: z.string().nullable().describe("of most of its events"),
  rule: z.string().nullable().describe("of most of its events"),
  statuses: z.array(counted).readonly(),
  scope: z.array(scopePartSchema).readonly(),
  /** Providers that took mail in the same hours and did not fail for this reason. */
  quietAt: z.array(z.string()).readonly(),
  texts: z.array(z.object({ text: z.string(), count: z.number().int() })).readonly(),
  /** From a day before it started. */
  hours: z
    .array(z.object({ at: z.iso.datetime(), count: z.number().int(), proven: z.number().int(), delayed: z.number() }))
    .readonly(),
});
export type Incident = z.infer<typeof incidentSchema>;

export const ENTRY_KINDS = ["opened", "cleared", "closed", "reopened", "merged", "note"] as const;

/** Of what the service does itself. */
export const SERVICE_ACTOR = "bounced";

/** What happened to an incident, and what people wrote about it. `closed`: cleared by a person. */
export const incidentEntrySchema = z.object({
  id: z.number().int(),
  at: z.iso.datetime(),
  kind: z.enum(ENTRY_KINDS),
  actor: z.string(),
  text: z
    .string()
    .describe(
      "of a note, or with `closed` and `reopened`; of `merged`, the id of the other incident; of `cleared`, why",
    ),
});
export type IncidentEntry = z.infer<typeof incidentEntrySchema>;

export interface IncidentDetail extends Incident {
  /** Oldest first. */
  readonly entries: readonly IncidentEntry[];
}

export const NOTE_CHARS = 2000;
export const MOST_NOTES = 200;

/** What goes on for longer is what is usual by now. */
export const LONGEST_MS = 30 * 86_400_000;

/** The key of an open incident. */
export const causeKeyOf = (reason: Reason, provider: string): string => `${reason} ${provider}`;
