/**
 * What a notice says of several recipients at once. Words that name one of them are about that one alone: what a
 * server said of `a@example.org` decides nothing about `b@example.org`.
 */
import { addressesIn } from "../fields/address.ts";
import type { Block } from "./blocks.ts";

export type SharedWords = (address: string | null) => readonly string[];

/** The lines for each recipient: those that name it, else those that name nobody of the list. Every line is read once. */
export function sharedWords(lines: readonly string[], blocks: readonly Block[]): SharedWords {
  if (blocks.length < 2) return () => lines;
  const listed = new Set(
    blocks.flatMap(({ address, derivedFrom }) => [address, derivedFrom].flatMap((name) => name?.toLowerCase() ?? [])),
  );
  const ofAll: string[] = [];
  const ofOne = new Map<string, string[]>();
  for (const line of lines) {
    const named = addressesIn(line, 20).filter((address) => listed.has(address.toLowerCase()));
    if (named.length === 0) ofAll.push(line);
    for (const address of named) {
      const own = ofOne.get(address.toLowerCase());
      if (own) own.push(line);
      else ofOne.set(address.toLowerCase(), [line]);
    }
  }
  return (address) => ofOne.get(address?.toLowerCase() ?? "") ?? ofAll;
}

/** Characters of reasons kept in one report, whoever they are about: a short text said of a thousand stays short. */
const MAX_CHARS = 24_000;
const MIN_CHARS = 300;

/** As many lines as one of `count` recipients may have. */
export function withinShare(lines: readonly string[], count: number): readonly string[] {
  let left = Math.max(MIN_CHARS, Math.floor(MAX_CHARS / Math.max(1, count)));
  const end = lines.findIndex((line) => (left -= line.length + 1) < 0);
  return end < 0 ? lines : [...lines.slice(0, end), lines[end]!.slice(0, Math.max(0, left + lines[end]!.length + 1))];
}
