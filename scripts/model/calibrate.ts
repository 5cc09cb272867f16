/** From scores to probabilities that keep their word: of the texts given 0.7, seven in ten should be right. */
import type { Reason } from "../../src/event/event.ts";
import type { LabelledText } from "./labels.ts";

/** The scores that a model gave a text it had not seen. */
export interface Judged {
  readonly at: number;
  readonly scores: readonly number[];
  readonly reasons: readonly Reason[];
}

/** The temperature at which the right answers are least surprising. */
export function fitTemperature(judged: readonly Judged[], acceptedOf: (at: number) => readonly Reason[]): number {
  let best = { temperature: 1, loss: Infinity };
  for (let temperature = 0.3; temperature <= 4; temperature += 0.05) {
    let loss = 0;
    for (const { at, scores, reasons } of judged) {
      const highest = Math.max(...scores);
      const shares = scores.map((score) => Math.exp((score - highest) / temperature));
      const total = shares.reduce((sum, share) => sum + share, 0);
      const top = scores.indexOf(highest);
      const right = acceptedOf(at).includes(reasons[top] ?? "unknown");
      const probability = Math.min(0.999, (shares[top] ?? 0) / total);
      loss -= Math.log(right ? probability : 1 - probability);
    }
    if (loss < best.loss) best = { temperature, loss };
  }
  return best.temperature;
}

const EDGES = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01];

export function printReliability(
  name: string,
  which: readonly number[],
  texts: readonly LabelledText[],
  guesses: ReadonlyMap<number, { readonly reason: Reason; readonly probability: number }>,
): void {
  console.log(`\nreliability, ${name}\n| probability | texts | mean probability | right |\n|---|---|---|---|`);
  for (const [index, low] of EDGES.slice(0, -1).entries()) {
    const high = EDGES[index + 1] ?? 1;
    const inside = which.flatMap((at) => {
      const found = guesses.get(at);
      const text = texts[at];
      if (!found || !text || found.probability < low || found.probability >= high) return [];
      return [{ probability: found.probability, right: text.accepted.includes(found.reason) }];
    });
    if (inside.length === 0) continue;
    const mean = inside.reduce((sum, { probability }) => sum + probability, 0) / inside.length;
    const right = inside.filter((one) => one.right).length / inside.length;
    console.log(
      `| ${low.toFixed(1)} to ${Math.min(1, high).toFixed(1)} | ${inside.length} | ${mean.toFixed(2)} | ${right.toFixed(2)} |`,
    );
  }
}
