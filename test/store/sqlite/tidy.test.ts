import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import { openStore } from "../../../src/store/store.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";

const dataDir = mkdtempSync(join(tmpdir(), "bounced-tidy-"));
const store = await openStore(
  { dataDir, DATABASE_URL: "", BOUNCED_RETENTION_DAYS: 40, file: configFileSchema.parse({}) },
  { now: () => NOW },
);
const reader = new DatabaseSync(join(dataDir, "log.sqlite"), { readOnly: true });
afterAll(async () => {
  reader.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const segments = (index: string): number =>
  Number(reader.prepare(`select count(distinct segid) as count from ${index}_idx`).get()?.["count"]);
/** Of long ago: what has no unit is indexed at once. */
const write = (index: number) =>
  store.record([jobOf([makeEvent({ address: `person${index}@example.org`, at: NOW - 400 * DAY })])]);

test("what many commits left in the text indexes is merged while nothing is written, and gives way to writing", async () => {
  for (let index = 0; index < 25; index++) await write(index);
  expect(segments("recipient_text_rest")).toBeGreaterThan(20);
  expect(segments("event_text_rest")).toBeGreaterThan(20);

  await store.tidy(() => false);
  expect(segments("recipient_text_rest")).toBeGreaterThan(20);
  const writing = write(25);
  await store.tidy(() => true);
  expect(segments("recipient_text_rest")).toBeGreaterThan(20);
  await writing;

  await store.tidy(() => true);
  expect(segments("recipient_text_rest")).toBeLessThan(8);
  expect(segments("event_text_rest")).toBeLessThan(8);
  expect(await store.count({ recipient: "person" })).toBe(26);
  expect(await store.count({ recipient: "person1" })).toBe(11);
  expect(await store.count({ subject: "ring off" })).toBe(26);
});
