/** Reading with what DNS says of a report, for those alone whose grade it could change or explain. */
import { withinBudget } from "../event/event-budget.ts";
import type { BouncedEvent } from "../event/event.ts";
import type { CheckReport } from "../proof/report-checks.ts";
import { unpackOctets } from "../queues/raw.ts";
import type { Readable } from "./thread.ts";

type Read = (input: Readable) => Promise<readonly BouncedEvent[]>;

export const readChecked =
  (read: Read, check: CheckReport): Read =>
  async (input) => {
    const events = await read(input);
    if (!events.some(isOpen)) return events;
    const { octets, truncated, remoteAddress, helo, envelope } = input;
    const signals = await check({
      octets: typeof octets === "string" ? unpackOctets(octets) : octets,
      truncated,
      remoteAddress,
      reversePath: envelope.reversePath,
      helo,
      hosts: events.slice(0, 3).flatMap(({ reportingMta, remoteMta }) => [reportingMta, remoteMta].filter(isNamed)),
      recipientDomains: events
        .slice(0, 3)
        .map(({ recipient }) => recipient.domain)
        .filter(isNamed),
    });
    if (signals.length === 0) return events;
    // With a signature or an address of ours, what a provider signs may raise it: it is read once more, with all of this.
    const isSigned = signals.some(({ check: name, result }) => name === "dkim" && result === "pass");
    if (isSigned && events.some(isPartlyOurs)) return read({ ...input, signals });
    return withinBudget(events.map((event) => ({ ...event, signals: [...event.signals, ...signals] })));
  };

/** Somebody might act on it, and nothing of ours proves it. */
const isOpen = ({ kind, authenticity }: BouncedEvent): boolean =>
  (kind === "bounce" || kind === "complaint") && authenticity === "unproven";

const isPartlyOurs = ({ signals, warnings }: BouncedEvent): boolean =>
  signals.some(({ check }) => check === "own_signature") || warnings.some(({ code }) => code === "unbound-path");

const isNamed = (host: string | null): host is string => host !== null;
