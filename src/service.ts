/** What `serve` hands to each role, and what a role hands back. */
import type { Config } from "./config.ts";
import type { Queues } from "./queues/queues.ts";
import type { Logger } from "./telemetry/logger.ts";

export const ROLES = ["smtp", "mailbox", "worker", "record", "webhook", "forward", "http"] as const;
export type Role = (typeof ROLES)[number];
export const isRole = (word: string): word is Role => (ROLES as readonly string[]).includes(word);

export interface ServiceContext {
  readonly config: Config;
  readonly logger: Logger;
  /** For consumers, which need connections of their own: `consume(queue, handler, { redisUrl, prefix })`. */
  readonly redisUrl: string;
  /** Shared queues. A role does not close them. */
  readonly queues: Queues;
  /** The roles that this process runs. */
  readonly roles: ReadonlySet<Role>;
}

export interface RunningRole {
  /** Lines for the start banner: where it listens, what it waits for, what is wrong. */
  readonly notes: readonly string[];
  /** Finishes what is in hand, takes nothing new. */
  stop(): Promise<void>;
}

/** Exported by each file of workers/ and by the listeners. Rejects if the role cannot run: the service then ends. */
export type StartRole = (context: ServiceContext) => Promise<RunningRole>;
