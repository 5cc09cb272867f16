/** Erasing an address from the suppression list, its history and the audit log. */
import { sql, type Transaction } from "kysely";
import type { Bans } from "../../erasure/ban.ts";
import { fold } from "../../addresses/normal-address.ts";
import { erasedName } from "../audit/audit-log.ts";
import type { Database } from "../db/database.ts";
import type { Tables } from "../db/tables.ts";
import { addEntries } from "../suppressions/edit.ts";
import { newEpoch, ordered } from "../suppressions/order.ts";
import type { Author } from "../suppressions/suppression.ts";
import { eraseFromIncidents } from "./incidents.ts";
import { maskText, mentions, patternFor } from "./mask-text.ts";

export async function eraseFromList(
  { write }: Database,
  address: string,
  now: number,
  ban: (Author & { readonly digest: string }) | null,
): Promise<{ readonly suppressions: number; readonly changes: number; readonly notes: number }> {
  const pattern = patternFor(address);
  const domain = fold(address.slice(address.lastIndexOf("@") + 1));
  const like = `%${domain.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return write.transaction().execute(async (tx) => {
    await ordered(tx);
    const entries = await tx.deleteFrom("suppressions").where("value", "=", address).executeTakeFirst();
    const changes = await tx.deleteFrom("suppression_changes").where("value", "=", address).executeTakeFirst();
    await tx.deleteFrom("sync_items").where("value", "=", address).execute();
    let notes = 0;
    for (const [table, columns] of [
      ["suppressions", ["note", "actor"]],
      ["suppression_changes", ["note", "actor", "before", "after"]],
    ] as const)
      for (const column of columns) {
        const rows = await tx
          .selectFrom(table)
          .select(["id", sql<string>`${sql.ref(column)}`.as("text")])
          .where(mentions(column, address))
          .execute();
        for (const { id, text } of rows) {
          const masked = maskText(text, address, pattern);
          if (masked === text) continue;
          await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${masked} where id = ${id}`.execute(tx);
          notes++;
        }
      }
    if (ban) await writeBan(tx, ban, now);
    const counts = {
      suppressions: Number(entries.numDeletedRows),
      changes: Number(changes.numDeletedRows),
      notes: notes + (await eraseFromIncidents(tx, like, (one) => maskText(one, address, pattern))),
    };
    // Copies of the list hold the address still, and no change tells them.
    if (counts.suppressions + counts.changes + notes > 0) await newEpoch(tx, now);
    return counts;
  });
}

/** Erasing it once more leaves the first one. */
async function writeBan(
  tx: Transaction<Tables>,
  { digest, actor, note }: Author & { readonly digest: string },
  now: number,
): Promise<void> {
  await addEntries(tx, [{ value: digest, cause: "erased" }], { actor, note }, now, { onlyNew: true });
}

/** Entries stay, and name the digest that the erasure itself names. */
export async function eraseFromAudit({ write }: Database, address: string, bans: Bans): Promise<void> {
  const [pattern, name] = [patternFor(address), erasedName(bans, address)];
  for (const column of ["target", "detail"] as const) {
    const rows = await write.selectFrom("audit").select(["id", column]).where(mentions(column, address)).execute();
    for (const row of rows) {
      const text = row[column];
      const masked = maskText(text, address, pattern, name);
      if (masked !== text)
        await write
          .updateTable("audit")
          .set({ [column]: masked })
          .where("id", "=", row.id)
          .execute();
    }
  }
}
