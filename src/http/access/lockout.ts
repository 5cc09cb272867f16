/** After too many failed sign-ins an address waits. Bounded: the oldest entry goes when the table is full. */
import { remember } from "../../machine/bounded-map.ts";

export interface Lockout {
  /** Seconds still to wait, 0 when free. */
  waitSeconds(address: string): number;
  fail(address: string): void;
  succeed(address: string): void;
}

export interface LockoutOptions {
  readonly failures: number;
  readonly windowMs: number;
  readonly maxEntries: number;
  readonly now: () => number;
}

interface Entry {
  readonly count: number;
  readonly since: number;
}

export function createLockout(options: LockoutOptions): Lockout {
  const entries = new Map<string, Entry>();
  const live = (key: string): Entry | null => {
    const entry = entries.get(key);
    if (!entry) return null;
    if (options.now() - entry.since < options.windowMs) return entry;
    entries.delete(key);
    return null;
  };
  return {
    waitSeconds(address) {
      const entry = live(networkOf(address));
      if (!entry || entry.count < options.failures) return 0;
      return Math.max(1, Math.ceil((entry.since + options.windowMs - options.now()) / 1000));
    },
    fail(address) {
      const key = networkOf(address);
      const entry = live(key);
      // The window restarts at the failure that locks, so that it is as long as promised.
      const count = (entry?.count ?? 0) + 1;
      const since = entry && count < options.failures ? entry.since : options.now();
      remember(entries, key, { count, since }, options.maxEntries);
    },
    succeed(address) {
      entries.delete(networkOf(address));
    },
  };
}

/** One IPv6 customer has a whole /64. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter(Boolean).length;
  return [...groups, ...Array.from({ length: missing }, () => "0"), ...(tail ?? "").split(":").filter(Boolean)]
    .slice(0, 4)
    .join(":");
}
