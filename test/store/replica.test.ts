import { afterAll, beforeAll, expect, test } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { NOW } from "./on-both.ts";
import { sharedPostgres, type SharedPostgres } from "./postgres.ts";

let postgres: SharedPostgres;
beforeAll(async () => (postgres = await sharedPostgres()));
afterAll(() => postgres.stop());

test("searches and figures are asked of DATABASE_READ_URL, and everything else of the primary", async () => {
  const config = {
    dataDir: "",
    DATABASE_URL: postgres.createMigrated(),
    BOUNCED_RETENTION_DAYS: 40,
    file: configFileSchema.parse({}),
  };
  // A replica that lags behind as far as can be: another log.
  const replicaUrl = postgres.createMigrated();
  const lagging = await openStore({ ...config, DATABASE_URL: replicaUrl }, { now: () => NOW });
  const old = makeEvent({ address: "old@example.org" });
  await lagging.record([jobOf([old])]);
  const store = await openStore({ ...config, DATABASE_READ_URL: replicaUrl }, { now: () => NOW });
  const fresh = makeEvent({ address: "fresh@example.org" });
  const other = makeEvent({ address: "other@example.org" });
  await store.record([jobOf([fresh]), jobOf([other])]);

  expect((await store.search({})).entries.map(({ event }) => event.id)).toEqual([old.id]);
  expect(await store.count({})).toBe(1);
  expect(await store.count({ subject: "spring" })).toBe(1);
  const figures = await store.figures({
    filter: { subject: "spring" },
    dimensions: ["domain"],
    limit: 5,
    budgetMs: 100,
  });
  expect(figures.count).toBe(1);

  expect((await store.get(fresh.id))?.event.id).toBe(fresh.id);
  expect(await store.get(old.id)).toBeNull();
  expect((await store.suppressions.check(["fresh@example.org"])).map(({ suppressed }) => suppressed)).toEqual([true]);
  expect(await store.erase("fresh@example.org")).toMatchObject({ events: 1 });
  expect(await store.get(fresh.id)).toBeNull();
  await lagging.close();
  await store.close();
});
