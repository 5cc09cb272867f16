/** An erased address goes from incidents, too: from notes, from the words of servers and from the scope. */
import { sql, type Transaction } from "kysely";
import type { Tables } from "../db/tables.ts";
import { incidentSchema } from "../incidents/incident.ts";

/** `pattern`: of `like`, in lower case, of what may name it; `mask` takes it out of a text. Returns how many notes named it. */
export async function eraseFromIncidents(
  tx: Transaction<Tables>,
  pattern: string,
  mask: (text: string) => string,
): Promise<number> {
  const incidents = await tx
    .selectFrom("incidents")
    .select(["id", "body"])
    .where(sql<string>`lower(body)`, "like", pattern)
    .execute();
  for (const { id, body } of incidents) {
    const { data: incident } = incidentSchema.safeParse(JSON.parse(body));
    if (!incident) continue;
    const masked = JSON.stringify({
      ...incident,
      scope: incident.scope.map((part) => ({ ...part, value: mask(part.value) })),
      texts: incident.texts.map(({ text, count }) => ({ text: mask(text), count })),
    });
    if (masked !== body) await tx.updateTable("incidents").set({ body: masked }).where("id", "=", id).execute();
  }
  const entries = await tx
    .selectFrom("incident_entries")
    .select(["id", "text", "actor"])
    .where((where) =>
      where.or(
        (["text", "actor"] as const).map((name) => where(sql<string>`lower(${sql.ref(name)})`, "like", pattern)),
      ),
    )
    .execute();
  let notes = 0;
  for (const { id, ...entry } of entries) {
    const [text, actor] = [mask(entry.text), mask(entry.actor)];
    if (text === entry.text && actor === entry.actor) continue;
    await tx.updateTable("incident_entries").set({ text, actor }).where("id", "=", id).execute();
    notes++;
  }
  return notes;
}
