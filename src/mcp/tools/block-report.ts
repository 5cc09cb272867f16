import { z } from "zod";
import { countedBy } from "../../event/credible.ts";
import type { BouncedEvent } from "../../event/event.ts";
import { createTemplates } from "../../store/log/templates.ts";
import type { Dimension, LogFilter } from "../../store/log/log-query.ts";
import { fromMail, quote, quoted } from "../from-mail.ts";
import { exactly, periodOf, periodShape, toolOf } from "../tool.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const ROWS = 10;
const TEXTS_OF = 2000;
const BUDGET_MS = 5000;
/** Of ours, and of mail: values of the second kind are anybody's words. */
const OURS = ["reason", "provider", "status"] as const satisfies readonly Dimension[];
const THEIRS = ["domain", "senderDomain", "sendingAddress", "tag"] as const satisfies readonly Dimension[];

const counts = z.array(z.object({ value: quoted.describe("empty: not known"), count: z.number() }));

export const blockReport = toolOf({
  name: "block_report",
  title: "Who blocks our mail",
  description:
    "Mail that was refused because of its sender or content (severity block) in a period: by whom, why, from which address and domain, per day, and the refusals' words. Credible events only. Blocked addresses are valid: never suppress them.",
  input: z.strictObject({
    ...periodShape,
    provider: exactly("who refused"),
    senderDomain: exactly("domains of the sender"),
    sendingAddress: exactly("IP addresses of the sending servers"),
    tag: exactly("tags of the return path"),
  }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    blocks: z.number(),
    share: z.number().describe("of the period's events, how many were read; below 1 the figures are estimates"),
    byReason: counts,
    byProvider: counts,
    byStatus: counts,
    perDay: z.array(z.object({ day: z.string(), count: z.number() })).describe("days (UTC) without are left out"),
    fromMail: fromMail({
      recipientDomains: counts,
      senderDomains: counts,
      sendingAddresses: counts,
      tags: counts,
      refusals: z
        .array(z.object({ text: quoted, count: z.number(), reason: z.string(), providers: z.array(z.string()) }))
        .describe(`words of the newest ${TEXTS_OF} refusals, most frequent first; numbers and addresses masked`),
    }),
  }),
  async run({ from, to, ...wanted }, { deps: { store, now }, signal }) {
    const period = periodOf({
      from: from ?? new Date(now() - WEEK_MS).toISOString(),
      to: to ?? new Date(now()).toISOString(),
    });
    const filter = countedBy<LogFilter>({ ...wanted, ...period, severity: ["block"] });
    // Trust: what `filter` says.
    const [{ count: blocks, facets, share }, points, refusals] = await Promise.all([
      store.figures({ filter, dimensions: [...OURS, ...THEIRS], limit: ROWS, budgetMs: BUDGET_MS, signal }),
      store.series({ ...filter, by: "day" }, signal),
      refusalsOf(store.iterate(filter, signal)),
    ]);
    const rows = (dimension: Dimension) =>
      (facets[dimension] ?? []).map(({ value, count }) => ({ value: quote(value, 120), count }));
    return {
      from: period.from ?? "",
      to: period.to ?? "",
      blocks,
      share,
      byReason: rows("reason"),
      byProvider: rows("provider"),
      byStatus: rows("status"),
      perDay: points.slice(-100).map(({ at, count }) => ({ day: at.slice(0, 10), count })),
      fromMail: {
        recipientDomains: rows("domain"),
        senderDomains: rows("senderDomain"),
        sendingAddresses: rows("sendingAddress"),
        tags: rows("tag"),
        refusals,
      },
    };
  },
});

async function refusalsOf(entries: AsyncIterable<{ readonly event: BouncedEvent }>) {
  const templates = createTemplates();
  let read = 0;
  for await (const { event } of entries) {
    if (++read > TEXTS_OF) break;
    if (!event.diagnostic) continue;
    const { reason, status, replyCode, provider } = event;
    templates.add({ text: event.diagnostic.text, reason, status, replyCode, provider });
  }
  return templates
    .list()
    .slice(0, ROWS)
    .map(({ text, count, example, providers }) => ({
      text: quote(text, 400),
      count,
      reason: example.reason,
      providers: [...providers],
    }));
}
