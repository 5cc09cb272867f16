/** Rows of `suppressions` and `suppression_changes` to records and back; writing an entry with its change. */
import type { Insertable, Selectable, Transaction } from "kysely";
import { insertAll } from "../db/statements.ts";
import { ordered } from "./order.ts";
import type { Cause, ChangeAction, Scope, Suppression, SuppressionChange } from "./suppression.ts";
import type { SuppressionChangesTable, SuppressionsTable, Tables } from "../db/tables.ts";

const isoOf = (at: number): string => new Date(at).toISOString();

export const entryOf = (row: Omit<Selectable<SuppressionsTable>, "id">): Suppression => ({
  scope: row.scope as Scope,
  value: row.value,
  stream: row.stream,
  cause: row.cause as Cause,
  reason: row.reason,
  eventId: row.event_id || null,
  note: row.note,
  actor: row.actor,
  createdAt: isoOf(row.created_at),
  updatedAt: isoOf(row.updated_at),
  expiresAt: row.expires_at === 0 ? null : isoOf(row.expires_at),
});

const rowOf = (entry: Suppression): Insertable<SuppressionsTable> => ({
  scope: entry.scope,
  value: entry.value,
  stream: entry.stream,
  cause: entry.cause,
  reason: entry.reason,
  event_id: entry.eventId ?? "",
  note: entry.note,
  actor: entry.actor,
  created_at: Date.parse(entry.createdAt),
  updated_at: Date.parse(entry.updatedAt),
  expires_at: entry.expiresAt === null ? 0 : Date.parse(entry.expiresAt),
});

const jsonOf = (entry: Suppression | null): string => (entry === null ? "" : JSON.stringify(entry));
const entryOfJson = (json: string): Suppression | null => (json === "" ? null : (JSON.parse(json) as Suppression));

export const changeOf = (row: Selectable<SuppressionChangesTable>): SuppressionChange => ({
  id: row.id,
  at: isoOf(row.at),
  action: row.action as ChangeAction,
  scope: row.scope as Scope,
  value: row.value,
  stream: row.stream,
  actor: row.actor,
  note: row.note,
  before: entryOfJson(row.before),
  after: entryOfJson(row.after),
});

/** Same value, scope and stream: the same entry. */
export const nameOf = ({ scope, value, stream }: Pick<Suppression, "scope" | "value" | "stream">): string =>
  `${scope} ${stream} ${value}`;

export interface Intent {
  readonly action: ChangeAction;
  /** null: nothing was there. */
  readonly before: Suppression | null;
  /** null: take it off. */
  readonly after: Suppression | null;
  /** Where both are null. */
  readonly name?: Pick<Suppression, "scope" | "value" | "stream">;
  readonly actor: string;
  readonly note: string;
}

/** Writes entries and what changed, in the order given; each entry at most once. */
export async function writeChanges(
  tx: Transaction<Tables>,
  intents: readonly Intent[],
  at: number,
): Promise<readonly SuppressionChange[]> {
  if (intents.length === 0) return [];
  await ordered(tx);
  await upsert(
    tx,
    intents.flatMap(({ after }) => (after ? [after] : [])),
  );
  for (const { before, after } of intents) if (before && !after) await remove(tx, before);
  const rows = intents.map(({ action, before, after, name, actor, note }) => {
    const { scope, value, stream } = after ?? before ?? name ?? { scope: "address", value: "", stream: "" };
    return { at, action, scope, value, stream, actor, note, before: jsonOf(before), after: jsonOf(after) };
  });
  const written = await insertAll<Selectable<SuppressionChangesTable>>(tx, "suppression_changes", rows, "returning *");
  return written.map(changeOf).sort((a, b) => a.id - b.id);
}

const REPLACED = ["cause", "reason", "event_id", "note", "actor", "created_at", "updated_at", "expires_at"] as const;
const OR_REPLACE = `on conflict (value, scope, stream) do update set ${REPLACED.map((name) => `${name} = excluded.${name}`).join(", ")}`;

/** Without a change: an entry that is there already has been confirmed. */
export const upsert = (tx: Transaction<Tables>, entries: readonly Suppression[]): Promise<unknown> =>
  insertAll(tx, "suppressions", entries.map(rowOf), OR_REPLACE);

async function remove(tx: Transaction<Tables>, { scope, value, stream }: Suppression): Promise<void> {
  await tx
    .deleteFrom("suppressions")
    .where("value", "=", value)
    .where("scope", "=", scope)
    .where("stream", "=", stream)
    .execute();
}
