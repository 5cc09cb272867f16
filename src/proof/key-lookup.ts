/**
 * Key records of our own DKIM signatures, from DNS, kept for a while. Strangers choose the selectors that are asked
 * for, so questions are few, short, and forgotten soon; an answer that does not come changes nothing but a grade.
 */
import { Resolver } from "node:dns/promises";
import { remember } from "../machine/bounded-map.ts";
import { inTime } from "../machine/in-time.ts";
import type { KeyRecords } from "../core/index.ts";

export interface KeyLookupOptions {
  /** Strings of each TXT record. @defaultValue the system's resolver */
  readonly resolveTxt?: (name: string) => Promise<readonly (readonly string[])[]>;
  readonly now?: () => number;
}

export interface KeyLookup {
  /** Records that were found and are not old: for the first reading of a message. */
  known(): KeyRecords;
  /** Looks for these too. Null where none of them is to be had. Never rejects, and takes two seconds at most. */
  find(names: readonly string[]): Promise<KeyRecords | null>;
}

const TIMEOUT_MS = 2000;
const FOUND_MS = 60 * 60_000;
const MISSING_MS = 5 * 60_000;
const MAX_FOUND = 50;
const MAX_MISSING = 500;
const QUESTIONS_PER_MINUTE = 60;
const MAX_RECORD = 4_000;

export function createKeyLookup({ resolveTxt = systemResolver(), now = Date.now }: KeyLookupOptions = {}): KeyLookup {
  const found = new Map<string, { readonly record: string; readonly until: number }>();
  const missing = new Map<string, number>();
  const asking = new Map<string, Promise<void>>();
  let minute = { since: 0, asked: 0 };
  let ring: KeyRecords = new Map();
  let ringUntil = 0;

  const known = (): KeyRecords => {
    const at = now();
    if (at < ringUntil) return ring;
    const fresh = [...found].filter(([, { until }]) => until > at);
    ring = new Map(fresh.map(([name, { record }]) => [name, record]));
    ringUntil = Math.min(...fresh.map(([, { until }]) => until), at + MISSING_MS);
    return ring;
  };

  const mayAsk = (name: string): boolean => {
    // One that was there before is none that a stranger made up.
    if (found.has(name)) return true;
    const at = now();
    if (at - minute.since >= 60_000) minute = { since: at, asked: 0 };
    return minute.asked++ < QUESTIONS_PER_MINUTE;
  };

  const ask = async (name: string): Promise<void> => {
    const record = await recordOf(name, resolveTxt);
    const at = now();
    if (record === null) remember(missing, name, at + MISSING_MS, MAX_MISSING);
    else remember(found, name, { record, until: at + FOUND_MS }, MAX_FOUND);
    ringUntil = 0;
  };

  return {
    known,
    async find(names) {
      const questions = names.flatMap((name): readonly Promise<void>[] => {
        if (known().has(name) || (missing.get(name) ?? 0) > now()) return [];
        const running = asking.get(name);
        if (running) return [running];
        if (!mayAsk(name)) return [];
        const question = ask(name).finally(() => asking.delete(name));
        asking.set(name, question);
        return [question];
      });
      await Promise.all(questions);
      const ring = known();
      return names.some((name) => ring.has(name)) ? ring : null;
    },
  };
}

/** Null: there is none, or no answer in time. */
async function recordOf(name: string, resolveTxt: NonNullable<KeyLookupOptions["resolveTxt"]>): Promise<string | null> {
  const records = await inTime(
    TIMEOUT_MS,
    resolveTxt(name).catch(() => null),
    () => null,
  );
  const record = records?.map((strings) => strings.join("")).find((text) => /(?:^|;)\s*p\s*=/.test(text));
  return record === undefined || record.length > MAX_RECORD ? null : record;
}

function systemResolver(): NonNullable<KeyLookupOptions["resolveTxt"]> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  return (name) => resolver.resolveTxt(name);
}
