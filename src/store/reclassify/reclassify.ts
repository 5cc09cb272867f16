/** Stored events under the rules of today: what would change, and changing it with the old verdict kept. */
import type { Transaction } from "kysely";
import type { BouncedEvent } from "../../event/event.ts";
import { mergedMarks } from "../log/address-marks.ts";
import { CODEC, packEvent, unpackEvent } from "../log/body.ts";
import type { Database } from "../db/database.ts";
import { WITHOUT_RULE, type LogFilter } from "../log/log-query.ts";
import { chunks } from "../db/chunks.ts";
import { keyOfEvent, setAddresses } from "../days/event-ids.ts";
import { countedOf } from "../rollups/counted-of.ts";
import { updateRollups } from "../rollups/update-rollups.ts";
import { reindexTexts } from "../texts/index-texts.ts";
import { rowOf } from "../log/rows.ts";
import { rawOf } from "../log/raw-messages.ts";
import { iterateLog } from "../log/search.ts";
import type { SuppressionSettings } from "../settings.ts";
import type { Bans } from "../../erasure/ban.ts";
import { applyPolicy, candidateOf, POLICY_ACTOR } from "../suppressions/apply.ts";
import { limitsOf } from "../suppressions/policy.ts";
import { entryOf, writeChanges, type Intent } from "../suppressions/table.ts";
import type { Tables } from "../db/tables.ts";
import { partOf } from "../units/parts.ts";

/** The event as it is read today, or null where it cannot be read again. `raw`: the kept head, deflated. */
export type Reread = (event: BouncedEvent, raw: Buffer | null) => Promise<BouncedEvent | null>;

export interface VerdictChange {
  readonly before: BouncedEvent;
  readonly after: BouncedEvent;
}

const COMPARED = [
  "kind",
  "severity",
  "reason",
  "secondaryReason",
  "fault",
  "advice",
  "provider",
  "status",
  "replyCode",
  "suggestion",
] as const;

/** Another verdict, or the same one where a rule has come to decide it, or decides it no more. */
export const differs = (before: BouncedEvent, after: BouncedEvent): boolean =>
  COMPARED.some((key) => before[key] !== after[key]) ||
  before.codes.failureCode !== after.codes.failureCode ||
  isUndecided(before) !== isUndecided(after);

const isUndecided = ({ evidence: [first] }: BouncedEvent): boolean =>
  WITHOUT_RULE.some((source) => source === (first?.source ?? "none"));

export interface RereadLog {
  readonly event: BouncedEvent;
  /** null: cannot be read again. */
  readonly after: BouncedEvent | null;
}

/** Every event of the filter beside what it would be today, newest first. */
export async function* rereadLog(
  database: Database,
  filter: LogFilter,
  reread: Reread,
  signal?: AbortSignal,
): AsyncGenerator<RereadLog, void, undefined> {
  // Trust: all, each is read again and keeps its own.
  for await (const { event } of iterateLog(database, filter, signal)) {
    const fresh = await reread(event, await rawOf(database, event.id));
    // What the address said when it came: keys expire and are replaced.
    yield { event, after: fresh && { ...fresh, returnPath: event.returnPath } };
  }
}

export interface Reclassified {
  readonly events: number;
  /** Changes of the suppression list. */
  readonly changes: number;
}

/** Replaces verdicts, keeps the old ones, and takes back or adds what the policy makes of them. */
export async function replaceVerdicts(
  { write }: Database,
  changes: readonly VerdictChange[],
  actor: string,
  policy: SuppressionSettings,
  now: number,
  bans: Bans,
): Promise<Reclassified> {
  return write.transaction().execute(async (tx) => {
    const replaced = [];
    for (const { before, after } of changes) {
      const fresh = await replaceOne(tx, before.id, after, actor, now);
      if (fresh) replaced.push(fresh);
    }
    await reindexTexts(
      tx,
      replaced.map(({ row }) => row.key),
    );
    const lifted = await liftEntries(tx, replaced, policy, now);
    const added = await applyPolicy(tx, replaced, policy, now, bans);
    await updateRollups(tx, { removed: replaced.map(({ counted }) => counted), added: replaced.map(({ row }) => row) });
    return { events: replaced.length, changes: lifted + added.length };
  });
}

async function replaceOne(tx: Transaction<Tables>, id: string, after: BouncedEvent, actor: string, now: number) {
  const key = await keyOfEvent(tx, id);
  const counted = key === undefined ? undefined : await countedOf(tx, key, id);
  if (key === undefined || !counted) return null;
  const rows = await partOf(tx, key);
  // Trust: all, a verdict is replaced and its trust stays.
  const present = await rows
    .selectFrom("events")
    .innerJoin("event_bodies", "event_bodies.key", "events.key")
    .select(["events.recorded_at", "event_bodies.codec", "event_bodies.body"])
    .where("events.key", "=", key)
    .executeTakeFirst();
  if (!present || !differs(unpackEvent(present.codec, present.body), after)) return null;
  const { recorded_at, codec, body } = present;
  await tx.insertInto("verdicts").values({ event_id: id, replaced_at: now, actor, codec, body }).execute();
  const event = { ...after, id };
  const row = { ...rowOf(event, recorded_at), key };
  const { key: _key, id: _id, ...columns } = row;
  // Trust: all, a verdict is replaced and its trust stays.
  await rows.updateTable("events").set(columns).where("key", "=", key).execute();
  await setAddresses(tx, row);
  const packed = packEvent(event);
  await rows.updateTable("event_bodies").set({ codec: CODEC, body: packed }).where("key", "=", key).execute();
  const marked = await rows.selectFrom("event_addresses").select("hashes").where("key", "=", key).executeTakeFirst();
  const hashes = mergedMarks(marked?.hashes ?? new Uint8Array(), event);
  if (marked) await rows.updateTable("event_addresses").set({ hashes }).where("key", "=", key).execute();
  return { event, row, counted, body: packed, hashes, unread: 0 as const };
}

type Replaced = NonNullable<Awaited<ReturnType<typeof replaceOne>>>;

/** Entries that stand on an event which would not have made them. What people wrote stays. */
async function liftEntries(
  tx: Transaction<Tables>,
  replaced: readonly Replaced[],
  policy: SuppressionSettings,
  now: number,
): Promise<number> {
  const byId = new Map(replaced.map((one) => [one.event.id, one]));
  const intents: Intent[] = [];
  for (const ids of chunks([...byId.keys()]))
    for (const row of await tx
      .selectFrom("suppressions")
      .selectAll()
      .where(
        "value",
        "in",
        ids.map((id) => byId.get(id)?.row.mailed ?? ""),
      )
      .where("event_id", "in", ids)
      .where("actor", "=", POLICY_ACTOR)
      .execute()) {
      const one = byId.get(row.event_id);
      if (!one || wouldMake(one, row.cause, policy)) continue;
      const note = `reclassified: ${row.reason} is ${one.event.reason}`;
      intents.push({ action: "removed", before: entryOf(row), after: null, actor: POLICY_ACTOR, note });
    }
  return (await writeChanges(tx, intents, now)).length;
}

function wouldMake(one: Replaced, cause: string, policy: SuppressionSettings): boolean {
  const candidate = candidateOf(one, policy);
  if (candidate === null) return false;
  return cause === "soft" || limitsOf(candidate.event, policy).when === "at-once";
}
