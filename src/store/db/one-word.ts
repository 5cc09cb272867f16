/**
 * An address as one word for pg_trgm, which splits words at all that is no letter or digit. What stands between the parts
 * of an address becomes letters that are not found side by side otherwise.
 */
import { sql, type RawBuilder } from "kysely";

const LETTERS = [
  ["@", "qzq"],
  [".", "jx"],
  ["-", "xj"],
  ["_", "zx"],
  ["+", "kq"],
] as const;

/** As the index has it: another spelling would not use it. */
export const oneWord = (address: RawBuilder<unknown>): RawBuilder<unknown> =>
  LETTERS.reduce((text, [mark, letters]) => sql`replace(${text}, ${sql.lit(mark)}, ${sql.lit(letters)})`, address);

/** The same for a part of one. */
export const oneWordOf = (part: string): string =>
  LETTERS.reduce((text, [mark, letters]) => text.replaceAll(mark, letters), part);
