/**
 * BATV and SRS sign with so few bits that a stranger finds a valid address by asking RCPT often enough. So the question
 * is answered a limited number of times: beyond it every such address gets a 451, right or wrong.
 */
import { isIPv6 } from "node:net";
import type { SmtpLimits } from "./limits.ts";

const DAY_MS = 86_400_000;
/** More networks than that make bad tries on one day only to fill our memory: all of them count as one then. */
const MAX_NETWORKS = 20_000;

export interface GuessLimit {
  /** Whether a client may still be told if such an address is valid. */
  readonly mayAsk: (remoteAddress: string) => boolean;
  /** It asked for one that is not. */
  readonly countBad: (remoteAddress: string) => void;
}

export interface GuessLimitOptions {
  readonly limits: Pick<SmtpLimits, "badReturnPaths" | "badReturnPathsPerNetwork" | "unlimited">;
  /** Once a day for each network, and once for all: somebody is trying. */
  readonly onReached: (whose: string) => void;
  readonly now?: () => number;
}

export function createGuessLimit({ limits, onReached, now = Date.now }: GuessLimitOptions): GuessLimit {
  const byNetwork = new Map<string, number>();
  let all = 0;
  let day = 0;
  const startDay = (): void => {
    const today = Math.floor(now() / DAY_MS);
    if (today === day) return;
    day = today;
    all = 0;
    byNetwork.clear();
  };
  const nameOf = (address: string): string => {
    const network = networkOf(address);
    return byNetwork.has(network) || byNetwork.size < MAX_NETWORKS ? network : "others";
  };
  return {
    mayAsk(address) {
      startDay();
      if (all >= limits.badReturnPaths) return false;
      return (
        limits.unlimited.includes(address) || (byNetwork.get(nameOf(address)) ?? 0) < limits.badReturnPathsPerNetwork
      );
    },
    countBad(address) {
      startDay();
      if (++all === limits.badReturnPaths) onReached("all networks together");
      const network = nameOf(address);
      const count = (byNetwork.get(network) ?? 0) + 1;
      byNetwork.set(network, count);
      if (count === limits.badReturnPathsPerNetwork && !limits.unlimited.includes(address)) onReached(network);
    },
  };
}

/** What one customer of a provider may have: an IPv4 /24, an IPv6 /48. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return `${plain.split(".").slice(0, 3).join(".")}.0/24`;
  const [left = ""] = plain.split("::");
  const words = left.split(":").filter(Boolean);
  return `${[...words, "0", "0", "0"].slice(0, 3).join(":")}::/48`;
}
