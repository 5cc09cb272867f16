/** What `serve` hands to each role, and what a role hands back. */
import type { Config } from "../config/config.ts";
import type { Queues } from "../queues/queues.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { MetricFamily } from "../telemetry/metrics.ts";

export const ROLES = ["smtp", "mailbox", "follow", "worker", "record", "webhook", "forward", "policy", "http"] as const;
export type Role = (typeof ROLES)[number];
export const isRole = (word: string): word is Role => (ROLES as readonly string[]).includes(word);

/** One of the processes of a service, as its supervisor sees it. */
export interface ProcessState {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Null while there is none. */
  readonly pid: number | null;
  readonly state: "starting" | "running" | "waiting to restart" | "stopped";
  /** Whether it answered a question just now. */
  readonly answers: boolean;
  /** Since the service started. */
  readonly restarts: number;
  /** How it ended the last time; null if it never did. */
  readonly lastEnd: string | null;
}

/** Every process of this service on this machine, the one that asks included. */
export interface ServiceProcesses {
  states(): Promise<readonly ProcessState[]>;
  /** One list per process that answered. */
  metrics(): Promise<readonly (readonly MetricFamily[])[]>;
}

export interface ServiceContext {
  readonly config: Config;
  readonly logger: Logger;
  /** For consumers, which need connections of their own: `consume(queue, handler, { redisUrl, prefix })`. */
  readonly redisUrl: string;
  /** Shared queues. A role does not close them. */
  readonly queues: Queues;
  readonly processes: ServiceProcesses;
}

export interface RunningRole {
  /** Lines for the start banner: where it listens, what it waits for, what is wrong. */
  readonly notes: readonly string[];
  /** Finishes what is in hand, takes nothing new. */
  stop(): Promise<void>;
}

/** Exported by each file of workers/ and by the listeners. Rejects if the role cannot run: the service then ends. */
export type StartRole = (context: ServiceContext) => Promise<RunningRole>;
