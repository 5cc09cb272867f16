/** Entries and changes of the suppression list as an assistant gets them. */
import { z } from "zod";
import { CAUSES, CHANGE_ACTIONS, SCOPES } from "../store/suppressions/suppression.ts";
import type { Suppression, SuppressionChange } from "../store/suppressions/suppression.ts";
import { fromMail, quote, quoted } from "./from-mail.ts";

export const entrySummarySchema = z.object({
  scope: z.enum(SCOPES).describe("domain: every address there"),
  stream: quoted.describe("empty: every stream"),
  cause: z.enum(CAUSES),
  createdAt: z.string(),
  expiresAt: z.string().nullable().describe("null: never"),
  eventId: z.string().nullable(),
  actor: quoted.describe("who put it there"),
  fromMail: fromMail({ value: quoted, reason: quoted, note: quoted }),
});

export const changeSummarySchema = z.object({
  change: z.number().describe("number for undo"),
  at: z.string(),
  action: z.enum(CHANGE_ACTIONS),
  actor: quoted,
  before: entrySummarySchema.nullable(),
  after: entrySummarySchema.nullable().describe("null: not on the list after it"),
});

export const entrySummary = (entry: Suppression): z.infer<typeof entrySummarySchema> => ({
  scope: entry.scope,
  stream: quote(entry.stream, 100),
  cause: entry.cause,
  createdAt: entry.createdAt,
  expiresAt: entry.expiresAt,
  eventId: entry.eventId,
  actor: quote(entry.actor, 100),
  fromMail: { value: quote(entry.value, 320), reason: quote(entry.reason, 100), note: quote(entry.note, 200) },
});

export const changeSummary = (change: SuppressionChange): z.infer<typeof changeSummarySchema> => ({
  change: change.id,
  at: change.at,
  action: change.action,
  actor: quote(change.actor, 100),
  before: change.before && entrySummary(change.before),
  after: change.after && entrySummary(change.after),
});
