/** One row of the table. */
import type { Dice } from "./dice.ts";

export interface Outcome {
  readonly pass: boolean;
  readonly figures: string;
  /** Of scenarios under load, for the sum of all. */
  readonly counted?: Counted;
}

export interface Counted {
  readonly acked: number;
  /** Of these, followed to the log, the consumer and the webhook. */
  readonly followed: number;
  readonly crashes: number;
  readonly redelivered: number;
  readonly ackMs: readonly number[];
  readonly doneMs: readonly number[];
}

export interface Run {
  /** How often a random disturbance is repeated. */
  readonly rounds: number;
  readonly dice: Dice;
}

export interface Scenario {
  /** Of the list in docs/faults.md: A crashes, B Redis and network, C disk and clock, D the listener, E content, F identity. */
  readonly id: string;
  readonly what: string;
  run(run: Run): Promise<Outcome>;
}
