/** New events of the log -> changes of the suppression list, in the transaction that writes the events. */
import type { Transaction } from "kysely";
import type { BouncedEvent } from "../../event/event.ts";
import type { Bans } from "../../erasure/ban.ts";
import type { NewEvent } from "../log/record.ts";
import type { SuppressionSettings } from "../settings.ts";
import { oneOf } from "../db/statements.ts";
import { searchedDomain } from "../log/rows.ts";
import type { Suppression, SuppressionChange } from "./suppression.ts";
import {
  decideEntry,
  HOLD_REASON,
  limitsOf,
  mayCount,
  type PolicyDecision,
  type Failure,
  type PolicyEvent,
} from "./policy.ts";
import { pastsOf } from "./past.ts";
import { hasBans } from "./read.ts";
import { entryOf, nameOf, upsert, writeChanges, type Intent } from "./table.ts";
import type { Tables } from "../db/tables.ts";

export const POLICY_ACTOR = "policy";

/** An event with the address and stream that an entry would name. */
export interface SuppressionCandidate {
  readonly event: PolicyEvent;
  readonly id: string;
  readonly address: string;
  readonly stream: string;
  readonly failure: Failure;
}

export function candidateOf(
  { event, row }: Pick<NewEvent, "event" | "row">,
  settings: SuppressionSettings,
): SuppressionCandidate | null {
  if (row.mailed === "" || !row.mailed.includes("@")) return null;
  const { kind, severity, reason, authenticity, confidence } = event;
  const at = row.received_at;
  // Not the final recipient's: whoever got a mail of ours can name any final recipient in a report about himself.
  const domain = searchedDomain(row.mailed);
  const until = event.answer?.until ?? null;
  const policyEvent: PolicyEvent = { at, kind, severity, reason, authenticity, confidence, domain, until };
  if (!mayCount(policyEvent, settings)) return null;
  const isLift = kind === "delivery" || kind === "not_spam";
  const isHold = kind === "auto_reply" && until !== null && settings.absences === "hold";
  if (!isLift && !isHold && limitsOf(policyEvent, settings).when === "never") return null;
  return {
    event: policyEvent,
    id: event.id,
    address: row.mailed,
    stream: settings.stream === "tag" ? row.tag : "",
    failure: { at, message: messageOf(event), severity, reason },
  };
}

/** What was sent, not the report of it. */
const messageOf = (event: BouncedEvent): string => event.original.messageId ?? event.message.sha256;

export async function applyPolicy(
  tx: Transaction<Tables>,
  inserted: readonly NewEvent[],
  settings: SuppressionSettings,
  now: number,
  bans: Bans,
): Promise<readonly SuppressionChange[]> {
  if (!settings.automatic) return [];
  const candidates = await withoutBanned(
    tx,
    inserted.flatMap((fresh) => candidateOf(fresh, settings) ?? []),
    bans,
  );
  if (candidates.length === 0) return [];
  const entries = await entriesFor(tx, candidates);
  const pasts = await pastsOf(tx, candidates, settings);
  const intents = new Map<string, Intent>();
  const confirmed = new Map<string, Suppression>();
  for (const candidate of candidates) {
    const name = nameOf({ scope: "address", value: candidate.address, stream: candidate.stream });
    const present = entries.get(name) ?? null;
    const past = pasts.get(candidate.address) ?? { failures: [], resetAt: 0, domainAliveAt: 0 };
    const decision = decideEntry(candidate.event, past, settings);
    const after = entryAfter(present, candidate, decision, now);
    if (after === present) continue;
    entries.set(name, after);
    const before = intents.has(name) ? (intents.get(name)?.before ?? null) : present;
    if (after && before && before.cause === after.cause && !isHold(before)) confirmed.set(name, after);
    else if (after || before) {
      const action = after === null ? "removed" : before === null ? "added" : "changed";
      const note = decision.kind === "nothing" ? "" : decision.note;
      intents.set(name, { action, before, after, actor: POLICY_ACTOR, note });
    } else intents.delete(name);
  }
  // Changes first: they take the lock of their order, and nobody may wait for it with rows of the list in hand.
  const changes = await writeChanges(tx, [...intents.values()], now);
  await upsert(
    tx,
    [...confirmed].flatMap(([name, entry]) => (intents.has(name) ? [] : [entry])),
  );
  return changes;
}

/** Who is banned by a digest is suppressed already: late reports must not bring the address back in clear. */
async function withoutBanned(
  tx: Transaction<Tables>,
  candidates: readonly SuppressionCandidate[],
  bans: Bans,
): Promise<readonly SuppressionCandidate[]> {
  if (candidates.length === 0 || !(await hasBans(tx))) return candidates;
  const namesOf = new Map(candidates.map(({ address }) => [address, bans.namesOf(address)]));
  const names = [...namesOf.values()].flat();
  if (names.length === 0) return candidates;
  const rows = await tx
    .selectFrom("suppressions")
    .select("value")
    .where(oneOf(tx, "value", names))
    .execute();
  const banned = new Set(rows.map(({ value }) => value));
  return candidates.filter(({ address }) => !namesOf.get(address)?.some((name) => banned.has(name)));
}

const STRENGTH: Readonly<Record<Suppression["cause"], number>> = {
  soft: 0,
  hard: 1,
  complaint: 2,
  import: 3,
  manual: 3,
  erased: 3,
};

/** It ends on a day that somebody named, and says nothing of the mailbox. */
const isHold = ({ cause, reason }: Suppression): boolean => cause === "soft" && reason === HOLD_REASON;

/** The entry as it should be; the same object where nothing changes. */
export function entryAfter(
  present: Suppression | null,
  { event, id, address, stream }: SuppressionCandidate,
  decision: PolicyDecision,
  now: number,
): Suppression | null {
  if (decision.kind === "nothing") return present;
  if (decision.kind === "lift") {
    // Whoever asked for no more mail did not take that back by calling one message no spam.
    const isLifted = present?.cause === decision.cause && present.reason !== "unsubscribe" && !isHold(present);
    return isLifted ? null : present;
  }
  const expiresAt = decision.expiresAt === null ? null : new Date(decision.expiresAt).toISOString();
  const isGone = present !== null && present.expiresAt !== null && Date.parse(present.expiresAt) <= event.at;
  // A hold takes the place of no other entry.
  if (present && !isGone && event.kind === "auto_reply" && !isHold(present)) return present;
  // What a person wrote stays, unless it ends before the new entry would.
  if (present && !isGone && STRENGTH[present.cause] > STRENGTH[decision.cause] && lasts(present.expiresAt, expiresAt))
    return present;
  return {
    scope: "address",
    value: address,
    stream,
    cause: decision.cause,
    reason: event.reason,
    eventId: id,
    note: decision.note,
    actor: POLICY_ACTOR,
    createdAt: present?.createdAt ?? new Date(now).toISOString(),
    updatedAt: new Date(now).toISOString(),
    expiresAt,
  };
}

const lasts = (present: string | null, wanted: string | null): boolean =>
  present === null || (wanted !== null && present >= wanted);

async function entriesFor(
  tx: Transaction<Tables>,
  candidates: readonly SuppressionCandidate[],
): Promise<Map<string, Suppression | null>> {
  const addresses = [...new Set(candidates.map(({ address }) => address))];
  const rows = await tx
    .selectFrom("suppressions")
    .selectAll()
    .where(oneOf(tx, "value", addresses))
    .where("scope", "=", "address")
    .execute();
  return new Map(rows.map((row) => [nameOf(entryOf(row)), entryOf(row)]));
}
