import { z } from "zod";
import { readValue } from "../../store/suppressions/edit.ts";
import { eventSummarySchema, summaryOf } from "../event-summary.ts";
import { changeSummary, changeSummarySchema, entrySummary, entrySummarySchema } from "../suppression-summary.ts";
import { toolOf } from "../tool.ts";

const CHANGES = 10;
const EVENTS = 5;

export const whySuppressed = toolOf({
  name: "why_suppressed",
  title: "Why is an address suppressed?",
  description:
    "Whether mail to an address or domain is suppressed, by which entry, what put it there, its history and its latest events.",
  input: z.strictObject({
    value: z.string().trim().min(1).max(320).describe("address or domain"),
    stream: z.string().max(200).optional().describe("entries of this stream count too"),
  }),
  output: z.object({
    suppressed: z.boolean(),
    decidedBy: entrySummarySchema.nullable().describe("the entry that decides"),
    causedBy: eventSummarySchema.nullable().describe("the event that put it there, while it is in the log"),
    entries: z.array(entrySummarySchema).describe("in all streams, its domain's included"),
    history: z.array(changeSummarySchema).describe("newest first"),
    latestEvents: z.array(eventSummarySchema),
  }),
  async run({ value: asked, stream }, { deps: { store }, signal }) {
    const { scope, value } = readValue(asked);
    const { suppressions } = store;
    const search = scope === "domain" ? { domain: [value] } : { address: [value] };
    const [checks, entries, history, { entries: found }] = await Promise.all([
      suppressions.check([value], stream),
      suppressions.find(value),
      suppressions.history({ value, limit: CHANGES }),
      // Trust: all, each event carries its authenticity.
      store.search({ ...search, limit: EVENTS }, signal),
    ]);
    const decidedBy =
      checks[0]?.entry ?? (scope === "domain" ? entries.find((one) => one.stream === "") : null) ?? null;
    const event = decidedBy?.eventId ? await store.get(decidedBy.eventId) : null;
    return {
      suppressed: decidedBy !== null,
      decidedBy: decidedBy && entrySummary(decidedBy),
      causedBy: event && summaryOf(event.event),
      entries: entries.slice(0, CHANGES).map(entrySummary),
      history: history.map(changeSummary),
      latestEvents: found.map(({ event: one }) => summaryOf(one)),
    };
  },
});
