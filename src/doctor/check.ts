/** One thing that must be right for bounces to arrive and to be kept. */
import type { Config } from "../config/config.ts";

export const CHECK_STATES = ["ok", "warn", "fail", "skip"] as const;
export type CheckState = (typeof CHECK_STATES)[number];

export interface Finding {
  /** kebab-case, stable: `redis-persistence`, `mx bounces.example.com`. */
  readonly id: string;
  readonly state: CheckState;
  /** What was found, one sentence. */
  readonly found: string;
  /** What to do; null when there is nothing to do. */
  readonly todo: string | null;
}

/** The part of node:dns/promises that the checks ask. */
export interface Resolver {
  resolveMx(domain: string): Promise<readonly { readonly exchange: string; readonly priority: number }[]>;
  resolveTxt(domain: string): Promise<readonly (readonly string[])[]>;
  resolve4(host: string): Promise<readonly string[]>;
  resolve6(host: string): Promise<readonly string[]>;
  resolvePtr(name: string): Promise<readonly string[]>;
}

export interface CheckContext {
  readonly config: Config;
  readonly resolver: Resolver;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Where the internet delivers mail: 25, but for tests. */
  readonly mxPort: number;
}

/** Never rejects: what goes wrong while checking is itself a finding. */
export type Check = (context: CheckContext) => Promise<readonly Finding[]>;

export const ok = (id: string, found: string): Finding => ({ id, state: "ok", found, todo: null });
export const warn = (id: string, found: string, todo: string): Finding => ({ id, state: "warn", found, todo });
export const fail = (id: string, found: string, todo: string): Finding => ({ id, state: "fail", found, todo });
export const skip = (id: string, found: string): Finding => ({ id, state: "skip", found, todo: null });

/** Names that no DNS knows: for trying out, and of tests. */
export const isLocalName = (domain: string): boolean =>
  domain === "localhost" || /\.(localhost|localdomain|test|invalid|example)$/.test(domain);
