/** Counts as a sending system reports them over the API: a numbered batch, each row an hour of something. */
import { z } from "zod";
import { fold } from "../addresses/normal-address.ts";
import { isProvider, providerOfDelivery } from "./provider-of.ts";
import type { NumberedTallies } from "./redis-tallies.ts";
import { hourOf, OUTCOMES, readTally, textOfTally } from "./tally.ts";

const HOUR_MS = 3_600_000;
const value = z.string().max(255).default("");
const count = z.number().int().min(0).max(1e9).default(0);

const rowSchema = z.strictObject({
  at: z.iso.datetime({ offset: true }).describe("any time of the hour; one to come counts as now"),
  provider: value.describe("id of a provider (`/codes`); found by `domain` where it is none"),
  domain: value.describe("of the recipients"),
  senderDomain: value,
  sendingAddress: value.describe("IP address"),
  tag: value.describe("your campaign or stream"),
  delivered: count,
  failed: count.describe("refused for good in the SMTP dialogue"),
  delayed: count.describe("attempts that are repeated"),
});

export const MAX_TALLY_ROWS = 10_000;
export const reportedTalliesSchema = z.strictObject({
  source: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,100}$/, "expected up to 100 letters, digits and . _ : -")
    .describe("who counts, by a name that no other one has"),
  number: z.number().int().min(1).describe("greater than that of the batch before; a batch that is repeated keeps it"),
  counts: z.array(rowSchema).min(1).max(MAX_TALLY_ROWS),
});
export type ReportedTallies = z.input<typeof reportedTalliesSchema>;

export function readReportedTallies(
  { source, number, counts: rows }: z.output<typeof reportedTalliesSchema>,
  now: number,
): NumberedTallies {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const hour = hourOf(Math.max(0, Math.min(Date.parse(row.at), now)));
    const provider = isProvider(row.provider) ? row.provider : providerOfDelivery(undefined, fold(row.domain));
    for (const outcome of OUTCOMES) {
      if (row[outcome] === 0) continue;
      const text = textOfTally({ ...row, hour, provider, outcome });
      counts.set(text, (counts.get(text) ?? 0) + row[outcome]);
    }
  }
  return { source, number, counts };
}

export function reportTallies({ source, number, counts }: NumberedTallies): ReportedTallies {
  const rows = [...counts].flatMap(([text, some]) => {
    const tally = readTally(text);
    if (!tally) return [];
    const { hour, outcome, ...rest } = tally;
    return [{ ...rest, at: new Date(hour * HOUR_MS).toISOString(), [outcome]: some }];
  });
  return { source, number, counts: rows };
}
