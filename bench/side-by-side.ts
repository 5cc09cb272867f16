/** Two or more ways of doing the same work, in turns within one run, so that a noisy machine hurts all alike. */
export interface Lane {
  readonly name: string;
  /** Does the work once; resolves to how many units were done. */
  readonly run: () => Promise<number>;
  /** Cleans up; its time does not count. */
  readonly after?: () => Promise<void>;
}

export interface LaneResult {
  readonly name: string;
  /** Units per second, best and median of the rounds. */
  readonly best: number;
  readonly median: number;
}

export async function sideBySide(lanes: readonly Lane[], rounds = 5): Promise<readonly LaneResult[]> {
  const speeds = new Map<string, number[]>(lanes.map((lane) => [lane.name, []]));
  for (const lane of lanes) {
    await lane.run();
    await lane.after?.();
  }
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) {
      const startedAt = performance.now();
      const units = await lane.run();
      speeds.get(lane.name)?.push(units / ((performance.now() - startedAt) / 1000));
      await lane.after?.();
    }
  }
  return lanes.map(({ name }) => {
    const sorted = [...(speeds.get(name) ?? [])].sort((a, b) => a - b);
    return { name, best: sorted.at(-1) ?? 0, median: sorted[sorted.length >> 1] ?? 0 };
  });
}

/** A table with every lane beside the first one. */
export function printLanes(title: string, unit: string, results: readonly LaneResult[]): void {
  console.log(`\n${title}`);
  const base = results[0]?.median ?? 1;
  for (const { name, best, median } of results)
    console.log(
      `  ${name.padEnd(44)} ${Math.round(median).toLocaleString("en").padStart(9)} ${unit}/s   ` +
        `best ${Math.round(best).toLocaleString("en").padStart(9)}   × ${(median / base).toFixed(2)}`,
    );
}
