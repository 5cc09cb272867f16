/** Changes of the list made by people: add, remove, clear, undo, expire. */
import type { Transaction } from "kysely";
import { isBan, type Bans } from "../../erasure/ban.ts";
import { QueryError } from "../log/log-query.ts";
import { chunks } from "../db/chunks.ts";
import { normalAddress } from "../../addresses/normal-address.ts";
import { isAddress } from "../../addresses/is-address.ts";
import type { Author, NewSuppression, Scope, Suppression, SuppressionChange, SuppressionName } from "./suppression.ts";
import { changeOf, entryOf, nameOf, writeChanges, type Intent } from "./table.ts";
import type { Tables } from "../db/tables.ts";

type Tx = Transaction<Tables>;

/** `User@Example.org` or `example.org`; throws QueryError on anything else. */
export function readValue(text: string, scope?: Scope): { readonly scope: Scope; readonly value: string } {
  const value = normalAddress(text);
  if (isBan(value) && (scope === undefined || scope === "hash")) return { scope: "hash", value };
  const isDomain = /^[^\s@/:?#\\]+\.[^\s@/:?#\\]+$/.test(value) && value.length <= 255;
  const found: Scope | null = value.length <= 320 && isAddress(value) ? "address" : isDomain ? "domain" : null;
  if (found === null || (scope !== undefined && scope !== found))
    throw new QueryError(
      `value: expected ${scope ?? "an address or a domain"}, got ${JSON.stringify(text.slice(0, 80))}`,
    );
  return { scope: found, value };
}

function readInstant(name: string, text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new QueryError(`${name}: not a date: ${JSON.stringify(text.slice(0, 40))}`);
  return new Date(at).toISOString();
}

export async function addEntries(
  tx: Tx,
  wanted: readonly NewSuppression[],
  author: Author,
  now: number,
  { onlyNew = false }: { readonly onlyNew?: boolean } = {},
): Promise<readonly SuppressionChange[]> {
  const at = new Date(now).toISOString();
  const entries = new Map<string, Suppression>();
  for (const {
    value,
    scope,
    stream = "",
    cause = "manual",
    reason = "",
    note,
    createdAt,
    expiresAt = null,
  } of wanted) {
    const entry: Suppression = {
      ...readValue(value, scope),
      stream,
      cause,
      reason,
      eventId: null,
      note: note ?? author.note ?? "",
      actor: author.actor,
      createdAt: createdAt === undefined ? at : readInstant("createdAt", createdAt),
      updatedAt: at,
      expiresAt: expiresAt === null ? null : readInstant("expiresAt", expiresAt),
    };
    entries.set(nameOf(entry), entry);
  }
  const present = await entriesOf(tx, [...new Set([...entries.values()].map(({ value }) => value))]);
  const written = [...entries].filter(([name]) => !(onlyNew && present.has(name)));
  const intents = written.map(([name, after]): Intent => {
    const before = present.get(name) ?? null;
    return { action: before ? "changed" : "added", before, after, actor: author.actor, note: after.note };
  });
  return writeChanges(tx, intents, now);
}

async function entriesOf(tx: Tx, values: readonly string[]): Promise<ReadonlyMap<string, Suppression>> {
  const entries = new Map<string, Suppression>();
  for (const some of chunks(values))
    for (const row of await tx.selectFrom("suppressions").selectAll().where("value", "in", some).execute())
      entries.set(nameOf(entryOf(row)), entryOf(row));
  return entries;
}

export async function removeEntries(
  tx: Tx,
  names: readonly SuppressionName[],
  { actor, note = "" }: Author,
  now: number,
  bans: Bans,
): Promise<readonly SuppressionChange[]> {
  const wanted = names.flatMap(({ value: text, scope, stream = "" }) => {
    const value = normalAddress(text);
    // Whoever removes an address means its ban too.
    const banned = value.includes("@") && scope !== "domain" && stream === "" ? bans.namesOf(value) : [];
    return [{ value, scope, stream }, ...banned.map((ban) => ({ value: ban, scope: "hash" as const, stream }))];
  });
  const present = await entriesOf(tx, [...new Set(wanted.map(({ value }) => value))]);
  const keys = new Set(wanted.map(({ value, scope = "any", stream }) => `${scope} ${stream} ${value}`));
  const intents = [...present.values()]
    .filter(({ value, scope, stream }) => keys.has(`any ${stream} ${value}`) || keys.has(`${scope} ${stream} ${value}`))
    .map((before): Intent => ({ action: "removed", before, after: null, actor, note }));
  return writeChanges(tx, intents, now);
}

export async function clearCounts(
  tx: Tx,
  addresses: readonly string[],
  { actor, note = "" }: Author,
  now: number,
): Promise<readonly SuppressionChange[]> {
  const intents = [...new Set(addresses.map((address) => readValue(address, "address").value))].map(
    (value): Intent => ({
      action: "cleared",
      before: null,
      after: null,
      name: { scope: "address", value, stream: "" },
      actor,
      note,
    }),
  );
  return writeChanges(tx, intents, now);
}

export async function undoChange(tx: Tx, id: number, author: Author, now: number): Promise<SuppressionChange> {
  const row = await tx.selectFrom("suppression_changes").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw new QueryError(`there is no change ${id}`);
  const change = changeOf(row);
  const later = await tx
    .selectFrom("suppression_changes")
    .select("id")
    .where("value", "=", change.value)
    .where("scope", "=", change.scope)
    .where("stream", "=", change.stream)
    .where("id", ">", id)
    .executeTakeFirst();
  if (later) throw new QueryError(`change ${id} cannot be undone: change ${later.id} of the same entry is newer`);
  const note = author.note ?? `undoes change ${id}`;
  const { scope, value, stream, before, after } = change;
  const [undone] = await writeChanges(
    tx,
    [{ action: "undone", before: after, after: before, name: { scope, value, stream }, actor: author.actor, note }],
    now,
  );
  if (!undone) throw new Error("the change was not written");
  return undone;
}

/** At most `limit` at a time, so that no transaction is long. */
export async function expireEntries(tx: Tx, now: number, limit: number): Promise<readonly SuppressionChange[]> {
  const rows = await tx
    .selectFrom("suppressions")
    .selectAll()
    .where("expires_at", ">", 0)
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  const intents = rows.map((row): Intent => ({
    action: "expired",
    before: entryOf(row),
    after: null,
    actor: "policy",
    note: "",
  }));
  return writeChanges(tx, intents, now);
}
