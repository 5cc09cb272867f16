/**
 * Deliveries, failures and delays as numbers: what is counted keeps no address, no id, and no row of its own. A tally is
 * an hour of one provider, recipient domain, sending domain, sending address and tag.
 */
import { fold } from "../addresses/normal-address.ts";

export const OUTCOMES = ["delivered", "failed", "delayed"] as const;
/** `failed`: for good, in the SMTP dialogue. `delayed`: one attempt that is repeated. */
export type SendOutcome = (typeof OUTCOMES)[number];

/** Lower case; `""` where it is not known, FOLDED where there were too many of them. */
export interface Tallied {
  /** Since 1970, UTC. */
  readonly hour: number;
  readonly provider: string;
  readonly domain: string;
  readonly senderDomain: string;
  readonly sendingAddress: string;
  readonly tag: string;
  readonly outcome: SendOutcome;
}

/** Stands for values that are not counted apart. */
export const FOLDED = "*";
const HOUR_MS = 3_600_000;
/** Since 1970, UTC. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);

/** Characters of a value that are counted apart, as in the rollups. */
const VALUE_CHARS = 255;
const SEPARATOR = "\n";
const FIELDS = 7;

/** One line of text for each tally, and how many. */
export type TallyCounts = ReadonlyMap<string, number>;

export const textOfTally = ({ hour, provider, domain, senderDomain, sendingAddress, tag, outcome }: Tallied): string =>
  [hour, ...[provider, domain, senderDomain, sendingAddress, tag].map(tallyValue), outcome].join(SEPARATOR);

/** Null for what is none. */
export function readTally(text: string): Tallied | null {
  const parts = text.split(SEPARATOR);
  const [hour = "", provider = "", domain = "", senderDomain = "", sendingAddress = "", tag = "", word] = parts;
  const outcome = OUTCOMES.find((one) => one === word);
  if (parts.length !== FIELDS || !/^\d{1,9}$/.test(hour) || outcome === undefined) return null;
  return { hour: Number(hour), provider, domain, senderDomain, sendingAddress, tag, outcome };
}

/** As the log's search columns have it: lower case, without control characters, and no longer than an index takes. */
export function tallyValue(value: string): string {
  const folded = fold(value)
    .replaceAll(/[\u0000-\u001f\u007f]/g, " ")
    .trim();
  return folded.length <= VALUE_CHARS ? folded : Array.from(folded).slice(0, VALUE_CHARS).join("");
}
