/** Softmax regression over sparse features, by Adagrad. Deterministic: no randomness, the examples in their own order. */
import { featuresOf, type FallbackModel, type Observed } from "../../src/core/classify/fallback-model.ts";
import type { Reason } from "../../src/event/event.ts";

export interface Example {
  readonly observed: Observed;
  readonly reason: Reason;
  /** How much it counts. */
  readonly weight: number;
}

const BUCKETS = 2 ** 14;
const PASSES = 14;
const RATE = 0.7;
/** Pull towards zero: what was seen once is remembered less. */
const DECAY = 2e-5;

/** Trained on `examples`, weights in eight bits. Temperature 1: calibration comes after. */
export function learn(examples: readonly Example[], trainedAt: string): FallbackModel {
  const reasons = [...new Set(examples.map(({ reason }) => reason))].sort();
  const size = reasons.length;
  const weights = new Float32Array(BUCKETS * size);
  const gradients = new Float32Array(BUCKETS * size).fill(0.1);
  const bias = new Float64Array(size);
  const prepared = examples.map(({ observed, reason, weight }) => ({
    features: featuresOf(observed, BUCKETS),
    target: reasons.indexOf(reason),
    weight,
  }));
  const scores = new Float64Array(size);
  for (let pass = 0; pass < PASSES; pass++) {
    for (let at = 0; at < prepared.length; at++) {
      // A stride prime to the count visits all in an order that mixes the reasons.
      const { features, target, weight } = prepared[(at * 7919) % prepared.length]!;
      const value = 1 / Math.sqrt(Math.max(1, features.length));
      scores.set(bias);
      for (const feature of features) for (let c = 0; c < size; c++) scores[c]! += weights[feature * size + c]! * value;
      toProbabilities(scores);
      for (let c = 0; c < size; c++) {
        const error = (scores[c]! - (c === target ? 1 : 0)) * weight;
        bias[c]! -= 0.02 * error;
        const step = error * value;
        for (const feature of features) {
          const index = feature * size + c;
          const gradient = step + DECAY * weights[index]!;
          gradients[index]! += gradient * gradient;
          weights[index]! -= (RATE * gradient) / Math.sqrt(gradients[index]!);
        }
      }
    }
  }
  return quantised({ reasons, buckets: BUCKETS, weights, bias, trainedAt });
}

function toProbabilities(scores: Float64Array): void {
  const highest = scores.reduce((top, score) => Math.max(top, score), -Infinity);
  let total = 0;
  for (let c = 0; c < scores.length; c++) total += scores[c] = Math.exp(scores[c]! - highest);
  for (let c = 0; c < scores.length; c++) scores[c]! /= total;
}

interface Learned {
  readonly reasons: readonly Reason[];
  readonly buckets: number;
  readonly weights: Float32Array;
  readonly bias: Float64Array;
  readonly trainedAt: string;
}

function quantised({ reasons, buckets, weights, bias, trainedAt }: Learned): FallbackModel {
  const largest = weights.reduce((top, weight) => Math.max(top, Math.abs(weight)), 0);
  const scale = largest / 127;
  const rounded = Int8Array.from(weights, (weight) => Math.round(weight / scale));
  return {
    reasons,
    buckets,
    weights: rounded,
    bias: Array.from(bias, (value) => Math.round(value * 1e4) / 1e4),
    scale,
    temperature: 1,
    trainedAt,
  };
}
