/** Single values that the store remembers about itself. */
import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

export async function readFact(db: Kysely<Tables>, name: string): Promise<string | undefined> {
  const fact = await db.selectFrom("facts").select("value").where("name", "=", name).executeTakeFirst();
  return fact?.value;
}

/** In place of what was there. `at`: ms since 1970. */
export async function writeFact(db: Kysely<Tables>, name: string, value: string, at: number): Promise<void> {
  const fact = { value, updated_at: at };
  await db
    .insertInto("facts")
    .values({ name, ...fact })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(fact))
    .execute();
}
