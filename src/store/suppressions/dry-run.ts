/** What a policy would have done to a period of the log: the same decisions, over memory instead of tables. */
import { z } from "zod";
import { isCredible } from "../../event/credible.ts";
import type { Database } from "../db/database.ts";
import { QueryError } from "../log/log-query.ts";
import { searchedDomain, rowOf } from "../log/rows.ts";
import { iterateLog } from "../log/search.ts";
import { suppressionSettingsSchema, type SuppressionSettings } from "../settings.ts";
import type { DryRun, Suppression } from "./suppression.ts";
import { candidateOf, entryAfter, type SuppressionCandidate } from "./apply.ts";
import { decideEntry, memoryDays, UNANSWERED, type Failure } from "./policy.ts";
import { iterateEntries } from "./read.ts";
import { nameOf } from "./table.ts";

const DAY_MS = 86_400_000;
const EXAMPLES = 20;

interface Past {
  failures: Failure[];
  resetAt: number;
}

export async function dryRun(
  database: Database,
  period: { readonly from?: string | undefined; readonly to?: string | undefined },
  policy: unknown,
  now: number,
): Promise<DryRun> {
  const parsed = suppressionSettingsSchema.safeParse(policy);
  if (!parsed.success) throw new QueryError(`policy: ${z.prettifyError(parsed.error)}`);
  const settings: SuppressionSettings = parsed.data;
  const entries = new Map<string, Suppression>();
  const pasts = new Map<string, Past>();
  const aliveAt = new Map<string, number>();
  const ids = new Set<string>();
  let events = 0;
  // Trust: as the policy decides of each event (mayCount, isCredible).
  for await (const { event } of iterateLog(database, { ...period, direction: "asc" })) {
    events++;
    const row = rowOf(event, now);
    const isAnswer = event.kind === "delivery" || (row.reply_code !== 0 && !UNANSWERED.has(event.reason));
    const domain = searchedDomain(row.mailed);
    if (isAnswer && isCredible(event) && domain === row.domain) aliveAt.set(domain, row.received_at);
    const candidate = candidateOf({ event, row }, settings);
    if (!candidate) continue;
    ids.add(event.id);
    step(candidate, { entries, pasts, aliveAt }, settings);
  }
  return compare(database, { entries, ids, events });
}

interface State {
  readonly entries: Map<string, Suppression>;
  readonly pasts: Map<string, Past>;
  readonly aliveAt: ReadonlyMap<string, number>;
}

function step(
  candidate: SuppressionCandidate,
  { entries, pasts, aliveAt }: State,
  settings: SuppressionSettings,
): void {
  const { event, address, stream, failure } = candidate;
  const past = pasts.get(address) ?? { failures: [], resetAt: 0 };
  if (event.kind === "delivery") past.resetAt = event.at;
  else if (event.kind !== "not_spam") {
    const since = event.at - memoryDays(settings) * DAY_MS;
    past.failures = [...past.failures.filter(({ at }) => at > since), failure];
  }
  pasts.set(address, past);
  const decision = decideEntry(event, { ...past, domainAliveAt: aliveAt.get(event.domain) ?? 0 }, settings);
  const name = nameOf({ scope: "address", value: address, stream });
  const after = entryAfter(entries.get(name) ?? null, candidate, decision, event.at);
  if (after) entries.set(name, after);
  else entries.delete(name);
}

async function compare(
  { read }: Database,
  would: {
    readonly entries: ReadonlyMap<string, Suppression>;
    readonly ids: ReadonlySet<string>;
    readonly events: number;
  },
): Promise<DryRun> {
  const left = new Map(would.entries);
  const missing: string[] = [];
  let missingCount = 0;
  for await (const entry of iterateEntries(read, {})) {
    if (left.delete(nameOf(entry))) continue;
    if (entry.eventId === null || !would.ids.has(entry.eventId)) continue;
    missingCount++;
    if (missing.length < EXAMPLES) missing.push(entry.value);
  }
  return {
    events: would.events,
    suppressed: would.entries.size,
    added: left.size,
    missing: missingCount,
    byCause: tally([...would.entries.values()].map(({ cause }) => cause)),
    byReason: tally([...would.entries.values()].map(({ reason }) => reason)),
    examples: { added: [...left.values()].slice(0, EXAMPLES).map(({ value }) => value), missing },
  };
}

const tally = (words: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
