/** The sections `log`, `suppression` and `alerts` of bounced.yaml. */
import { z } from "zod";
import { EVENT_KINDS, REASONS, type Fault } from "../event/event.ts";

const days = z.number().int().min(0).max(36_500);

export const logSettingsSchema = z
  .strictObject({
    /** Days per kind of event; a kind that is not named is kept for BOUNCED_RETENTION_DAYS. 0: until the next round. */
    retentionDays: z.partialRecord(z.enum(EVENT_KINDS), days).default({}),
    /** Days a kept message can be read; null: as long as its events. */
    rawDays: days.nullable().default(null),
  })
  .prefault({});
export type LogSettings = z.infer<typeof logSettingsSchema>;

/** About the sender, the content, the way there or the provider; those of the recipient have a line of their own. */
const INCIDENT_FAULTS = ["sender", "content", "remote", "unknown"] as const satisfies readonly Fault[];

export const alertSettingsSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    windowMinutes: z.number().int().min(5).max(1440).default(60),
    /** What is usual is learned from these days before the window. */
    baselineDays: z.number().int().min(1).max(90).default(7),
    /** Fewer events in a window never make an alert. */
    minEvents: z.number().int().min(1).default(20),
    /** So many times what is usual. */
    factor: z.number().min(1).default(3),
    /** One alert for one jump in this time, unless it doubles. */
    quietHours: z.number().min(0).max(720).default(6),
    /** Rises beyond chance, found by the limits above, each as one incident. */
    incidents: z
      .strictObject({
        enabled: z.boolean().default(true),
        /** Whose failures open one. */
        faults: z
          .array(z.enum(INCIDENT_FAULTS))
          .default([...INCIDENT_FAULTS])
          .readonly(),
        /**
         * A fault of the recipient opens one where so much of what was sent to a provider fails, and far less elsewhere;
         * null: never.
         */
        recipientShare: z.number().gt(0).lt(1).nullable().default(0.2),
        /** Without its failures for so long it is cleared. */
        clearHours: z.number().min(1).max(168).default(2),
        /** One that comes back so soon after is the same. */
        reopenHours: z.number().min(0).max(168).default(24),
      })
      .prefault({}),
  })
  .prefault({});
export type AlertSettings = z.infer<typeof alertSettingsSchema>;

/** What may differ per reason and per recipient domain. Null in `expiresAfterDays`: never. */
const limits = z.strictObject({
  /** `at-once`: the first event suppresses. `count`: after `failures`. `never`: nothing does. */
  when: z.enum(["at-once", "count", "never"]).optional(),
  failures: z.number().int().min(1).max(100).optional(),
  withinDays: z.number().int().min(1).max(365).optional(),
  spreadDays: z.number().int().min(0).max(365).optional(),
  expiresAfterDays: days.nullable().optional(),
});
export type PolicyLimits = z.infer<typeof limits>;

export const suppressionSettingsSchema = z
  .strictObject({
    /** false: the list is kept by hand only. */
    automatic: z.boolean().default(true),
    /** An event below this never suppresses. */
    minConfidence: z.number().min(0).max(1).default(0.8),
    /** Soft failures: this many distinct messages on distinct days within `withinDays`, `spreadDays` from first to last. */
    soft: z
      .strictObject({
        failures: z.number().int().min(1).max(100).default(5),
        withinDays: z.number().int().min(1).max(365).default(30),
        spreadDays: z.number().int().min(0).max(365).default(7),
        /** No failure for so long, and the count starts again. */
        silenceDays: z.number().int().min(1).max(3650).default(90),
      })
      .prefault({}),
    /** How long an entry lasts, by what made it. */
    expiresAfterDays: z
      .strictObject({
        hard: days.nullable().default(null),
        complaint: days.nullable().default(null),
        soft: days.nullable().default(180),
      })
      .prefault({}),
    reasons: z.partialRecord(z.enum(REASONS), limits).default({}),
    domains: z.record(z.string().toLowerCase(), limits).default({}),
    /** `hold`: an automatic reply that names a day puts its address on the list until then. */
    absences: z.enum(["ignore", "hold"]).default("ignore"),
    /** `tag`: the tag of the return path is the stream, and an entry holds for that stream alone. */
    stream: z.enum(["none", "tag"]).default("none"),
  })
  .prefault({});
export type SuppressionSettings = z.infer<typeof suppressionSettingsSchema>;
