/** One row of the table. */
export interface Outcome {
  readonly pass: boolean;
  readonly figures: string;
}

export interface Scenario {
  /** As in the catalogue of faults: A crashes, B Redis and network, C disk, D the listener, E content, F identity. */
  readonly id: string;
  readonly what: string;
  /** `rounds` is how often a random disturbance is repeated. */
  run(rounds: number): Promise<Outcome>;
}
