/**
 * Answers of DNS about what reports name, kept for a while. Strangers choose the names, so that questions are few, short,
 * and forgotten soon; one that is not asked is an answer too.
 */
import { Resolver } from "node:dns/promises";
import { remember } from "../machine/bounded-map.ts";
import { codeOf } from "../machine/error-message.ts";
import { inTime } from "../machine/in-time.ts";

type Ask = (name: string, type: string) => Promise<unknown>;

export interface DnsAnswersOptions {
  /** @defaultValue the system's resolver */
  readonly ask?: Ask;
  readonly now?: () => number;
}

/** Rejects as node:dns does, with a `code`; `ETIMEOUT` also where there were too many questions. */
export type DnsAnswers = (name: string, type: string) => Promise<never[]>;

const TIMEOUT_MS = 2000;
const FOUND_MS = 60 * 60_000;
const MISSING_MS = 5 * 60_000;
const MAX_KEPT = 2_000;
const MAX_NAME = 253;
const QUESTIONS_PER_MINUTE = 300;
/** So many questions in a row without an answer: none is asked for a while, so that no message waits for nothing. */
const SILENCES = 5;
const PAUSE_MS = 30_000;
const MISSING = new Set(["ENOTFOUND", "ENODATA"]);
/** DNS answered that there is nothing of that name and type. */
export const isMissing = (error: unknown): boolean => MISSING.has(codeOf(error));

const SILENT = new Set(["ETIMEOUT", "ECONNREFUSED"]);

export function createDnsAnswers({ ask = systemResolver(), now = Date.now }: DnsAnswersOptions = {}): DnsAnswers {
  const kept = new Map<string, { readonly answer: Promise<never[]>; until: number }>();
  let minute = { since: 0, asked: 0 };
  let silences = 0;
  let pausedUntil = 0;

  const mayAsk = (): boolean => {
    const at = now();
    if (at < pausedUntil) return false;
    if (at - minute.since >= 60_000) minute = { since: at, asked: 0 };
    return minute.asked++ < QUESTIONS_PER_MINUTE;
  };

  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const before = kept.get(key);
    if (before && before.until > now()) return before.answer;
    if (name.length > MAX_NAME || !mayAsk()) return Promise.reject(dnsError("ETIMEOUT", "not asked"));
    const answer = inTime(TIMEOUT_MS, ask(name, type), () => {
      throw dnsError("ETIMEOUT", "no answer in time");
    }) as Promise<never[]>;
    const entry = { answer, until: now() + FOUND_MS };
    remember(kept, key, entry, MAX_KEPT);
    answer.then(
      () => (silences = 0),
      (error: unknown) => {
        const code = codeOf(error);
        silences = SILENT.has(code) ? silences + 1 : 0;
        if (silences >= SILENCES) pausedUntil = now() + PAUSE_MS;
        // A server that did not answer is asked again.
        entry.until = isMissing(error) ? now() + MISSING_MS : 0;
      },
    );
    return answer;
  };
}

const dnsError = (code: string, message: string): Error => Object.assign(new Error(message), { code });

function systemResolver(): Ask {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  return (name, type) => resolver.resolve(name, type);
}
