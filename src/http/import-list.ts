/** A list in CSV -> the suppression list, line by line; a line that cannot be used is named and the rest goes in. */
import { Readable } from "node:stream";
import { messageOf } from "../machine/error-message.ts";
import { readListCsv } from "../store/suppressions/csv.ts";
import type { ListFormat } from "../store/suppressions/formats/index.ts";
import { readValue } from "../store/suppressions/edit.ts";
import type { Author, NewSuppression, Suppressions } from "../store/suppressions/suppression.ts";

const BATCH = 500;
/** More mistakes than this help nobody. */
const MAX_MISTAKES = 100;

export interface Imported {
  readonly lines: number;
  /** Lines that can be used. */
  readonly accepted: number;
  /** Of these, new on the list: entries that are there already stay as they are. 0 in a preview. */
  readonly added: number;
  /** Lines of addresses that may be written to. */
  readonly skipped: number;
  readonly mistakes: readonly { readonly line: number; readonly message: string }[];
  readonly mistakesInAll: number;
  /** The first few accepted. */
  readonly examples: readonly string[];
}

/** `allowed` throws on an entry that this caller may not add. Throws QueryError where the text is not CSV of this format. With `author` null nothing is written. */
export async function importList(
  suppressions: Suppressions,
  text: string,
  format: ListFormat,
  author: Author | null,
  allowed: (entry: NewSuppression) => NewSuppression = (entry) => entry,
): Promise<Imported> {
  const mistakes: { line: number; message: string }[] = [];
  const examples: string[] = [];
  let lines = 0;
  let accepted = 0;
  let added = 0;
  let skipped = 0;
  let mistakesInAll = 0;
  let batch: NewSuppression[] = [];
  const flush = async () => {
    if (author && batch.length > 0) added += (await suppressions.add(batch, author, { onlyNew: true })).length;
    accepted += batch.length;
    batch = [];
  };
  for await (const { line, entry: read } of readListCsv(Readable.from([text]), format)) {
    lines += 1;
    if (read === null) {
      skipped += 1;
      continue;
    }
    let entry: NewSuppression;
    try {
      readValue(read.value);
      entry = allowed(read);
      if (typeof entry.expiresAt === "string" && Number.isNaN(Date.parse(entry.expiresAt)))
        throw new Error(`expires_at: not a date: ${JSON.stringify(entry.expiresAt.slice(0, 40))}`);
    } catch (cause) {
      mistakesInAll += 1;
      if (mistakes.length < MAX_MISTAKES) mistakes.push({ line, message: messageOf(cause) });
      continue;
    }
    if (examples.length < 5) examples.push(entry.value);
    batch.push(entry);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return { lines, accepted, added, skipped, mistakes, mistakesInAll, examples };
}
