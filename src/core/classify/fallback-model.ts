/**
 * The learned fallback: a linear model over hashed character n-grams, asked only where no rule knows the wording.
 *
 * It sees what a rule sees (folded words, codes) and no addresses. Deterministic: integer weights, one fixed hash. Its
 * word is never enough for a hard verdict. How it was trained and how far to trust it: docs/model.md.
 */
import { REASONS, type Reason } from "../../event/event.ts";

export interface FallbackModel {
  /** The classes, in the order of the weights. */
  readonly reasons: readonly Reason[];
  /** A power of two. */
  readonly buckets: number;
  /** `weights[bucket * reasons.length + class]`. */
  readonly weights: Int8Array;
  readonly bias: readonly number[];
  /** What one unit of weight is worth. */
  readonly scale: number;
  /** Divides the scores before they become probabilities: fitted so that these are honest. */
  readonly temperature: number;
  /** ISO 8601 date of training. */
  readonly trainedAt: string;
}

export interface Guess {
  readonly reason: Reason;
  /** 0..1, calibrated. */
  readonly probability: number;
  /** One per class, before calibration. */
  readonly scores: readonly number[];
}

export interface Observed {
  /** Folded words, addresses and numbers replaced: words.ts. */
  readonly words: readonly string[];
  readonly statuses: readonly string[];
  readonly replyCode: number | null;
}

/** Enough of a text to know what it says; the rest is boilerplate, and work is bounded. */
const MAX_CHARACTERS = 320;
const SHORTEST = 2;
const LONGEST = 5;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const NUMBER = /^\d+$/;

/** The features of a text: distinct bucket numbers. */
export function featuresOf({ words, statuses, replyCode }: Observed, buckets: number): readonly number[] {
  const seen = new Uint8Array(buckets);
  const found: number[] = [];
  const add = (hash: number): void => {
    const bucket = hash & (buckets - 1);
    if (seen[bucket] === 1) return;
    seen[bucket] = 1;
    found.push(bucket);
  };
  let text = " ";
  for (const word of words) {
    if (text.length > MAX_CHARACTERS) break;
    if (!NUMBER.test(word)) text += `${word} `;
  }
  const end = Math.min(text.length, MAX_CHARACTERS);
  for (let start = 0; start < end; start++) {
    let hash = FNV_START;
    const last = Math.min(end, start + LONGEST);
    for (let at = start; at < last; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
      if (at - start + 1 >= SHORTEST) add(mixed(hash));
    }
  }
  for (const status of statuses.slice(0, 4)) add(hashOf(`status ${status.slice(status.indexOf(".") + 1)}`));
  if (replyCode !== null) {
    add(hashOf(`reply ${replyCode}`));
    add(hashOf(`class ${Math.floor(replyCode / 100)}`));
  }
  return found;
}

function hashOf(text: string): number {
  let hash = FNV_START;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return mixed(hash);
}

/** FNV-1a mixes its low bits poorly, and the low bits are the bucket. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (once ^ (once >>> 13)) >>> 0;
}

/** The most probable reason; null for a text without words, of which nothing can be said. */
export function guess(model: FallbackModel, observed: Observed): Guess | null {
  if (observed.words.length === 0) return null;
  const { reasons, weights, bias, scale, temperature } = model;
  const features = featuresOf(observed, model.buckets);
  const sums = new Int32Array(reasons.length);
  const classes = sums.length;
  for (const feature of features) {
    const row = feature * classes;
    for (let at = 0; at < classes; at++) sums[at] = sums[at]! + weights[row + at]!;
  }
  const length = Math.sqrt(features.length);
  const scores = Array.from(sums, (sum, at) => (sum * scale) / length + (bias[at] ?? 0));
  const best = scores.reduce((top, score, at) => (score > (scores[top] ?? -Infinity) ? at : top), 0);
  const highest = scores[best] ?? 0;
  const total = scores.reduce((sum, score) => sum + Math.exp((score - highest) / temperature), 0);
  return { reason: reasons[best] ?? "unknown", probability: 1 / total, scores };
}

/** File: one line of JSON, then the weights, one octet each. Throws on a file that does not fit itself. */
export function readModel(file: Uint8Array): FallbackModel {
  const end = file.indexOf(0x0a);
  const header = JSON.parse(new TextDecoder().decode(file.subarray(0, end))) as Omit<FallbackModel, "weights">;
  const octets = file.subarray(end + 1);
  const known = header.reasons.every((reason) => REASONS.includes(reason));
  if (!known || octets.length !== header.buckets * header.reasons.length) throw new Error("the model file is damaged");
  return { ...header, weights: new Int8Array(octets.buffer, octets.byteOffset, octets.length) };
}
