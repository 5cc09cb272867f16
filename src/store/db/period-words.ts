/**
 * A word of three characters for each day and each 32 days, which the trigram index takes for text. FTS5 walks over
 * every newer row to reach an old date; asked for the word of a day, it jumps there.
 */
import { sql, type RawBuilder } from "kysely";

const DAY_MS = 86_400_000;
/** Days of a block. */
const BLOCK = 32;
const MOST_DAYS = 62;
const MOST_BLOCKS = 128;
/** CJK characters, another range at each place, so that words side by side make no third one. */
const DAY_AT = [19_968, 24_064, 28_160] as const;
const BLOCK_AT = [30_208, 31_232, 32_256] as const;

const wordAt = (number: number, [first, second, third]: readonly [number, number, number]): string =>
  String.fromCharCode(first + (number >> 12), second + ((number >> 6) & 63), third + (number & 63));

/** `from` included, `to` not, in ms. Null where the period is open or too long to be named. */
export function periodWords(from: number | null, to: number | null): readonly string[] | null {
  if (from === null || to === null || to <= from) return null;
  const first = Math.floor(from / DAY_MS);
  const last = Math.floor((to - 1) / DAY_MS);
  const numbers = (low: number, high: number) => Array.from({ length: high - low + 1 }, (_, index) => low + index);
  if (first < 0) return null;
  if (last - first < MOST_DAYS) return numbers(first, last).map((day) => wordAt(day, DAY_AT));
  const [low, high] = [Math.floor(first / BLOCK), Math.floor(last / BLOCK)];
  return high - low < MOST_BLOCKS ? numbers(low, high).map((block) => wordAt(block, BLOCK_AT)) : null;
}

/** The same in SQLite, for a trigger: both words of the row. */
export function periodWordsOfRow(receivedAt: RawBuilder<unknown>): RawBuilder<string> {
  const word = (number: RawBuilder<unknown>, [first, second, third]: readonly [number, number, number]) =>
    sql`char(${sql.lit(first)} + (${number} >> 12), ${sql.lit(second)} + ((${number} >> 6) & 63), ${sql.lit(third)} + (${number} & 63))`;
  const day = sql`(${receivedAt} / ${sql.lit(DAY_MS)})`;
  return sql`${word(day, DAY_AT)} || ' ' || ${word(sql`(${day} / ${sql.lit(BLOCK)})`, BLOCK_AT)}`;
}
