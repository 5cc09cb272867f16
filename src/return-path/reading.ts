import type { ReturnPathScheme } from "../event/event.ts";

/**
 * `unchecked`: nothing in the address can be verified, or we have no key for it. `unknown-key`: signed, but with none
 * of our keys.
 */
export const RETURN_PATH_CHECKS = ["valid", "expired", "bad", "unknown-key", "unchecked"] as const;
export type ReturnPathCheck = (typeof RETURN_PATH_CHECKS)[number];

/** What a forward-path says, being the return path of something we sent. */
export interface ReturnPathReading {
  /** As it arrived. */
  readonly address: string;
  readonly scheme: ReturnPathScheme;
  /** The recipient the mail was sent to: proven if `check` is `valid`, else what the address claims. Lower-case if signed. */
  readonly recipient: string | null;
  /** Of a signed address: what the caller put in. Of SRS: the reverse-path that was rewritten. */
  readonly tag: string | null;
  /** ISO 8601, UTC; to the day. */
  readonly issuedAt: string | null;
  readonly check: ReturnPathCheck;
  /** Verified by so few bits that it can be found by trying: let in, and evidence of nothing. */
  readonly isGuessable?: boolean;
  /** Signed without room for the recipient: does this one belong to the address? null where nothing binds one. */
  readonly bindsRecipient: ((recipient: string) => boolean) | null;
}

export interface SplitAddress {
  readonly local: string;
  /** Lower-case. */
  readonly domain: string;
}

/** At the last `@`; null where a side is missing. */
export function splitAddress(address: string): SplitAddress | null {
  const at = address.lastIndexOf("@");
  if (at < 1 || at === address.length - 1) return null;
  return { local: address.slice(0, at), domain: address.slice(at + 1).toLowerCase() };
}

/** RFC 5321 section 4.5.3.1.1. */
export const MAX_LOCAL_OCTETS = 64;
