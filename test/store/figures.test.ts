/** Figures that read too much are estimates, and a query nobody waits for ends in the database. */
import { sql } from "kysely";
import { expect, test } from "vitest";
import { cancelledBy } from "../../src/store/db/cancelled-by.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { IS_WANTED } from "../../src/store/db/sqlite/is-wanted.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const HOUR = DAY / 24;
/** As many events in each hour as the first part of the log that is read has at least. */
const IN_AN_HOUR = 500;
const HOURS = 3;

onBoth(({ dialect, open, config }) => {
  test("what cannot be read in time is estimated from the newest events, and what the rollups know is exact", async () => {
    const store = await open();
    for (let hour = 0; hour < HOURS; hour++)
      await store.record(
        Array.from({ length: IN_AN_HOUR }, (_, index) =>
          jobOf([
            makeEvent({
              address: `u${index}@${index % 5 === 0 ? "example.net" : "example.org"}`,
              at: NOW - hour * HOUR - index - 1,
            }),
          ]),
        ),
      );
    const filter = { subject: "spring" };
    const query = { filter, dimensions: ["domain", "severity"], limit: 5 } as const;
    const rough = await store.figures({ ...query, budgetMs: 0 });
    expect(rough.share).toBeCloseTo(1 / HOURS);
    expect(rough.count).toBe(IN_AN_HOUR * HOURS);
    expect(rough.facets.domain).toEqual([
      { value: "example.org", count: 1200 },
      { value: "example.net", count: 300 },
    ]);
    const whole = await store.figures({ ...query, budgetMs: 60_000 });
    expect(whole).toEqual({ ...rough, share: 1 });
    const known = await store.figures({ ...query, filter: { severity: ["hard"] }, budgetMs: 0 });
    expect(known).toMatchObject({ share: 1, count: IN_AN_HOUR * HOURS });
    const nothing = await store.figures({ ...query, filter: { ...filter, to: "2001-01-01T00:00:00Z" }, budgetMs: 0 });
    expect(nothing).toEqual({ share: 1, count: 0, facets: { domain: [], severity: [] } });
  });

  test("a query that is not wanted any more ends, and leaves its connection to others", async () => {
    const database = await openDatabase(config());
    const { read } = database;
    const endless =
      dialect === "postgres"
        ? sql`select pg_sleep(100000)`
        : sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where ${sql.raw(IS_WANTED)}())
            select max(n) from numbers`;
    // More than there are connections: each of them has to come back.
    for (let round = 0; round < 12; round++) {
      const nobody = new AbortController();
      const query = endless.execute(read, cancelledBy(nobody.signal));
      await new Promise((resolve) => setTimeout(resolve, 20));
      nobody.abort();
      await expect(query).rejects.toThrow(/abort/i);
    }
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(read);
    expect(rows).toEqual([{ one: 1 }]);
    await database.close();
  });
});
