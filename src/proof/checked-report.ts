/** What the checks of a report get, and how they answer. */
import type { ReportSignal, SignalCheck } from "../event/event.ts";

export interface CheckedReport {
  readonly octets: Uint8Array;
  readonly truncated: boolean;
  readonly remoteAddress: string | null;
  readonly reversePath: string | null;
  /** Name in HELO. */
  readonly helo?: string | undefined;
  /** Hosts that the report names: who wrote it, who refused. */
  readonly hosts: readonly string[];
  /** Of the recipients that it names. */
  readonly recipientDomains: readonly string[];
}

export const signal = (
  check: SignalCheck,
  result: ReportSignal["result"],
  domain: string | null = null,
  detail: string | null = null,
): ReportSignal => ({ check, result, domain, detail });
