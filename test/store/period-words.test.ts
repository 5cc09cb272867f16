import { DatabaseSync } from "node:sqlite";
import { Kysely, sql, SqliteAdapter, SqliteQueryCompiler, DummyDriver, SqliteIntrospector } from "kysely";
import { expect, test } from "vitest";
import { periodWords, periodWordsOfRow } from "../../src/store/db/period-words.ts";
import { DAY, NOW } from "./on-both.ts";

const db = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});
/** As the trigger makes them. */
function wordsOf(at: number): readonly string[] {
  const { sql: text } = sql`select ${periodWordsOfRow(sql.lit(at))} as words`.compile(db);
  const row = new DatabaseSync(":memory:").prepare(text).get() as { words: string };
  return row.words.split(" ");
}

test("the words of a period hold those of every instant in it, and of no day beside it", () => {
  for (const [from, to] of [
    [NOW, NOW + 1],
    [NOW - DAY, NOW + DAY],
    [NOW - 61 * DAY, NOW],
    [NOW - 300 * DAY, NOW],
    [0, 50 * DAY],
    [NOW - 3000 * DAY, NOW],
  ] as const) {
    const words = periodWords(from, to) ?? [];
    for (const at of [from, Math.floor((from + to) / 2), to - 1])
      expect([from, to, wordsOf(at).filter((word) => words.includes(word)).length]).toEqual([from, to, 1]);
    for (const at of [from - 33 * DAY, to + 33 * DAY])
      if (at >= 0) expect(wordsOf(at).some((word) => words.includes(word))).toBe(false);
  }
});

test("words side by side make no other word", () => {
  const [day = "", block = ""] = wordsOf(NOW);
  expect([day.length, block.length]).toEqual([3, 3]);
  const all = new Set([
    ...(periodWords(NOW - 30 * DAY, NOW + 30 * DAY) ?? []),
    ...(periodWords(NOW - 900 * DAY, NOW) ?? []),
  ]);
  expect(all.has(`${day}${block}`.slice(1, 4))).toBe(false);
});

test("a period that is open, empty or endless has none", () => {
  for (const [from, to] of [
    [null, NOW],
    [NOW, null],
    [NOW, NOW],
    [-DAY, NOW],
    [0, NOW],
  ] as const)
    expect(periodWords(from, to)).toBeNull();
});
