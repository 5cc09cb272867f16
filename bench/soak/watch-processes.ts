/** Memory and descriptors of a process and its children over time, from /proc. */
import { readdirSync, readFileSync } from "node:fs";

interface Sample {
  /** Hours since the beginning. */
  readonly hours: number;
  readonly megabytes: number;
  readonly descriptors: number;
}
/** By name and pid: a process that was started again is another one. */
export type Series = ReadonlyMap<string, readonly Sample[]>;

const EVERY_MS = 10_000;

export function watchProcesses(root: number): { stop(): Series } {
  const began = performance.now();
  const series = new Map<string, Sample[]>();
  const timer = setInterval(() => {
    for (const pid of [root, ...childrenOf(root)]) {
      const sample = sampleOf(pid, (performance.now() - began) / 3_600_000);
      if (!sample) continue;
      const name = `${nameOf(pid)} (${pid})`;
      const known = series.get(name);
      if (known) known.push(sample);
      else series.set(name, [sample]);
    }
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return series;
    },
  };
}

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
};

const childrenOf = (pid: number): readonly number[] =>
  readProc(pid, `task/${pid}/children`)
    .split(" ")
    .filter(Boolean)
    .map(Number)
    .flatMap((child) => [child, ...childrenOf(child)]);

function nameOf(pid: number): string {
  const words = readProc(pid, "cmdline").split("\0").filter(Boolean);
  return words.slice(-2).join(" ").slice(-30);
}

function sampleOf(pid: number, hours: number): Sample | null {
  const resident = /VmRSS:\s+(\d+)/.exec(readProc(pid, "status"))?.[1];
  if (resident === undefined) return null;
  try {
    return { hours, megabytes: Number(resident) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return null;
  }
}

export interface Growth {
  readonly name: string;
  readonly samples: number;
  /** MB, by the line through the samples after the warm-up. */
  readonly from: number;
  readonly to: number;
  readonly memoryPerHour: number;
  readonly descriptorsPerHour: number;
  readonly isFlat: boolean;
}

/** Caches fill in the first third. */
const WARM_UP = 1 / 3;
/** Of memory over the rest of the run: what is less is noise of the garbage collector. */
const MOST_GROWTH = 0.15;
const MOST_DESCRIPTORS = 5;
const FEWEST = 20;

export function growthOf(series: Series): readonly Growth[] {
  return [...series]
    .filter(([, samples]) => samples.length >= FEWEST)
    .map(([name, samples]) => {
      const kept = samples.slice(Math.floor(samples.length * WARM_UP));
      const memory = lineThrough(kept.map(({ hours, megabytes }) => [hours, megabytes]));
      const descriptors = lineThrough(kept.map(({ hours, descriptors: count }) => [hours, count]));
      return {
        name,
        samples: samples.length,
        from: Math.round(memory.from),
        to: Math.round(memory.to),
        memoryPerHour: Math.round(memory.slope * 10) / 10,
        descriptorsPerHour: Math.round(descriptors.slope * 10) / 10,
        isFlat:
          memory.to - memory.from <= memory.from * MOST_GROWTH && descriptors.to - descriptors.from <= MOST_DESCRIPTORS,
      };
    });
}

/** Least squares. */
function lineThrough(points: readonly (readonly [x: number, y: number])[]) {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  const slope = spread === 0 ? 0 : points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
  const valueAt = (at: number): number => y + slope * (at - x);
  return { slope, from: valueAt(points[0]?.[0] ?? 0), to: valueAt(points.at(-1)?.[0] ?? 0) };
}
