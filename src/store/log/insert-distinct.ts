/** Rows whose key says when they were received; a key that is taken gives way to the next free one. */
import type { Transaction } from "kysely";
import { insertAll } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { partsOfKeys } from "../units/parts.ts";

export interface Keyed<Row extends { readonly key: number }> {
  readonly row: Row;
}

/**
 * Writes what meets no other row and says what does: `refused` have the next key, for another try by whoever knows that
 * they are not in the table already.
 */
export async function insertDistinct<Item extends Keyed<Readonly<Record<string, unknown>> & { readonly key: number }>>(
  tx: Transaction<Tables>,
  table: "events" | "raw_messages",
  items: readonly Item[],
): Promise<{ readonly done: readonly Item[]; readonly refused: readonly Item[] }> {
  const spread = withDistinctKeys(items);
  const written = new Set<number>();
  const itemOf = new Map(spread.map(({ row }) => [row.key, row]));
  for (const { keys, nameOf } of await partsOfKeys(tx, [...itemOf.keys()])) {
    const rows = keys.flatMap((key) => itemOf.get(key) ?? []);
    const returned = await insertAll<{ key: number }>(tx, nameOf(table), rows, "on conflict do nothing returning key");
    for (const { key } of returned) written.add(key);
  }
  return {
    done: spread.filter(({ row }) => written.has(row.key)),
    refused: spread.filter(({ row }) => !written.has(row.key)).map((item) => withKey(item, item.row.key + 1)),
  };
}

/** Distinct keys, in order: a message to thousands gives thousands of events in one millisecond. */
export function withDistinctKeys<Item extends Keyed<{ readonly key: number }>>(
  items: readonly Item[],
): readonly Item[] {
  let last = -1;
  return [...items]
    .sort((a, b) => a.row.key - b.row.key)
    .map((item) => {
      last = Math.max(last + 1, item.row.key);
      return last === item.row.key ? item : withKey(item, last);
    });
}

const withKey = <Item extends Keyed<{ readonly key: number }>>(item: Item, key: number): Item => ({
  ...item,
  row: { ...item.row, key },
});
