import { z } from "zod";
import { EVENT_KINDS, REASONS, SEVERITIES } from "../../event/event.ts";
import { eventSummarySchema, summaryOf } from "../event-summary.ts";
import { exactly, periodOf, periodShape, toolOf } from "../tool.ts";

/** More than this in one answer crowds out the conversation. */
const MOST = 20;
const part = z.string().trim().min(1).max(300).optional();

export const searchEvents = toolOf({
  name: "search_events",
  title: "Search the bounce log",
  description: "Events of the bounce log, newest first. All conditions must hold; of a list one value is enough.",
  input: z.strictObject({
    ...periodShape,
    address: exactly("recipients, exactly"),
    domain: exactly("domains of the recipient, exactly"),
    senderDomain: exactly("domains of the sender, exactly"),
    provider: exactly("who refused, e.g. google, microsoft, yahoo"),
    tag: exactly("tags of the return path, such as a campaign"),
    kind: z.array(z.enum(EVENT_KINDS)).max(EVENT_KINDS.length).optional(),
    severity: z.array(z.enum(SEVERITIES)).max(SEVERITIES.length).optional(),
    reason: z.array(z.enum(REASONS)).max(REASONS.length).optional(),
    status: exactly("enhanced status such as 5.7.26, or its beginning such as 5.7."),
    subject: part.describe("any part of the subject"),
    messageId: part.describe("any part of the Message-ID"),
    diagnostic: part.describe("any part of the refusal"),
    limit: z.int().min(1).max(MOST).default(10),
    cursor: z.string().max(2000).optional().describe("`next` of the answer before, with the same conditions"),
  }),
  output: z.object({
    events: z.array(eventSummarySchema),
    next: z.string().nullable().describe("cursor of the next page; null on the last"),
  }),
  async run({ from, to, ...query }, { deps, signal }) {
    // Trust: all, as the log of the pages; each event carries its authenticity.
    const { entries, next } = await deps.store.search({ ...query, ...periodOf({ from, to }) }, signal);
    return { events: entries.map(({ event }) => summaryOf(event)), next };
  },
});
