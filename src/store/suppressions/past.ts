/** What the log says of an address before now, as far as the policy counts it. */
import { sql, type SqlBool, type Transaction } from "kysely";
import type { Reason, Severity } from "../../event/event.ts";
import { CREDIBLE } from "../../event/credible.ts";
import { oneOf } from "../db/statements.ts";
import { SLOTS } from "../db/slots.ts";
import type { Tables } from "../db/tables.ts";
import type { SuppressionSettings } from "../settings.ts";
import type { Incident } from "./apply.ts";
import { DOMAIN_LEVEL, limitsOf, memoryDays, UNANSWERED, type Failure } from "./policy.ts";

const DAY_MS = 86_400_000;

export interface Past {
  readonly failures: Failure[];
  resetAt: number;
  domainAliveAt: number;
}

/** Only what is counted needs the past; it is read from the log itself. */
export async function pastsOf(
  tx: Transaction<Tables>,
  candidates: readonly Incident[],
  settings: SuppressionSettings,
): Promise<ReadonlyMap<string, Past>> {
  const counted = candidates.filter(
    ({ event }) => event.kind !== "delivery" && event.kind !== "not_spam" && limitsOf(event, settings).when === "count",
  );
  const pasts = new Map<string, Past>();
  for (const { address } of counted) pasts.set(address, { failures: [], resetAt: 0, domainAliveAt: 0 });
  const since = Math.min(...counted.map(({ event }) => event.at)) - memoryDays(settings) * DAY_MS;
  if (counted.length > 0) {
    await readFailures(tx, [...pasts.keys()], since, settings, pasts);
    await readResets(tx, [...pasts.keys()], since, pasts);
  }
  const domains = new Map<string, number>();
  for (const { address, event } of counted) {
    const past = pasts.get(address);
    if (!past?.failures.some(({ reason }) => DOMAIN_LEVEL.has(reason))) continue;
    const aliveAt = domains.get(event.domain) ?? (await lastAnswerOf(tx, event.domain, since));
    domains.set(event.domain, aliveAt);
    past.domainAliveAt = aliveAt;
  }
  return pasts;
}

async function readFailures(
  tx: Transaction<Tables>,
  addresses: readonly string[],
  since: number,
  settings: SuppressionSettings,
  pasts: ReadonlyMap<string, Past>,
): Promise<void> {
  const rows = await tx
    .selectFrom("events")
    .select(["mailed", "received_at", "message", "message_id", "severity", "reason"])
    .where(oneOf(tx, "mailed", addresses))
    .where("key", ">=", since * SLOTS)
    .where("received_at", ">=", since)
    .where("kind", "=", "bounce")
    .where("severity", "in", ["soft", "hard"])
    .where("authenticity", "in", CREDIBLE)
    .where("confidence", ">=", settings.minConfidence)
    .execute();
  for (const row of rows)
    pasts.get(row.mailed)?.failures.push({
      at: row.received_at,
      message: row.message_id || row.message,
      severity: row.severity as Severity,
      reason: row.reason as Reason,
    });
}

async function readResets(
  tx: Transaction<Tables>,
  addresses: readonly string[],
  since: number,
  pasts: ReadonlyMap<string, Past>,
): Promise<void> {
  const deliveries = await tx
    .selectFrom("events")
    .select(["mailed as value", sql<number>`max(received_at)`.as("at")])
    .where(oneOf(tx, "mailed", addresses))
    .where("key", ">=", since * SLOTS)
    .where("received_at", ">=", since)
    .where("kind", "=", "delivery")
    .where("authenticity", "in", CREDIBLE)
    .groupBy("mailed")
    .execute();
  const changes = await tx
    .selectFrom("suppression_changes")
    .select(["value", sql<number>`max(at)`.as("at")])
    .where(oneOf(tx, "value", addresses))
    .where("action", "in", ["removed", "cleared", "expired", "undone"])
    .groupBy("value")
    .execute();
  for (const { value, at } of [...deliveries, ...changes]) {
    const past = pasts.get(value);
    if (past) past.resetAt = Math.max(past.resetAt, at);
  }
}

/** A delivery to an address there that we wrote to, or a refusal by a server: both mean that somebody is there. */
async function lastAnswerOf(tx: Transaction<Tables>, domain: string, since: number): Promise<number> {
  const row = await tx
    .selectFrom("events")
    .select("received_at")
    .where("domain", "=", domain)
    .where(sql<SqlBool>`mailed like ${`%@${domain.replaceAll(/[\\%_]/g, String.raw`\$&`)}`} escape '\\'`)
    .where("key", ">=", since * SLOTS)
    .where("received_at", ">=", since)
    // A stranger's report keeps no dead domain alive.
    .where("authenticity", "in", CREDIBLE)
    .where("reason", "not in", [...UNANSWERED])
    .where((builder) => builder.or([builder("kind", "=", "delivery"), builder("reply_code", ">", 0)]))
    .orderBy("key", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.received_at ?? 0;
}
