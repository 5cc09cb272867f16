/** Saved views that name an address: it is replaced in their names and filters, and gets no weekly mail any more. */
import type { Database } from "../db/database.ts";
import { viewOfRow } from "../views/views.ts";
import { maskText, patternFor } from "./mask-text.ts";

export async function eraseFromViews({ write }: Pick<Database, "write">, address: string): Promise<void> {
  const pattern = patternFor(address);
  const masked = (text: string): string => maskText(text, address, pattern);
  for (const row of await write.selectFrom("saved_views").selectAll().execute()) {
    const { name, mail } = viewOfRow(row);
    const query = new URLSearchParams([...new URLSearchParams(row.query)].map(([key, value]) => [key, masked(value)]));
    const to = (mail?.to ?? []).filter((one) => one.toLowerCase() !== address);
    const changed = {
      // Names are unique.
      name: masked(name) === name ? name : `${masked(name)} ${row.id}`.slice(0, 80),
      query: query.toString() === new URLSearchParams(row.query).toString() ? row.query : query.toString(),
      actor: masked(row.actor),
      mail_error: masked(row.mail_error),
      mail: mail === null || to.length === 0 ? "" : JSON.stringify({ ...mail, to }),
    };
    await write.updateTable("saved_views").set(changed).where("id", "=", row.id).execute();
  }
}
