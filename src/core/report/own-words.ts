/**
 * What a report says of each recipient, after any reader: words about another recipient of the same report decide
 * nothing about this one. nullmailer gives every group the first one's diagnostic; Haraka quotes the last reply for
 * all. Taken at their word, good addresses become hard.
 */
import { addressesIn } from "../fields/address.ts";
import { findEnhancedStatus } from "../fields/enhanced-status.ts";
import type { RecipientReport, Report } from "./report.ts";
import type { Warning } from "../fields/warning.ts";

interface Read {
  readonly report: Report;
  readonly warnings: readonly Warning[];
}

const OTHERS_WORDS = "diagnostic-of-another-recipient";

const namesOf = ({ finalRecipient, originalRecipient }: RecipientReport): readonly string[] =>
  [finalRecipient, originalRecipient].flatMap((name) => name?.toLowerCase() ?? []);

/** The same report where nothing is to be taken away. */
export function withOwnWords(reading: Read): Read {
  const { report, warnings } = reading;
  const { recipients } = report;
  if (report.kind !== "delivery" || recipients.length < 2) return reading;
  const listed = new Set(recipients.flatMap(namesOf));
  const named = new Map<string, readonly string[]>();
  const namedIn = (text: string): readonly string[] => {
    let found = named.get(text);
    if (found === undefined) {
      found = addressesIn(text, 10).flatMap((address) =>
        listed.has(address.toLowerCase()) ? [address.toLowerCase()] : [],
      );
      named.set(text, found);
    }
    return found;
  };
  let taken = 0;
  const own = recipients.map((recipient): RecipientReport => {
    if (recipient.diagnostic === null) return recipient;
    const others = namedIn(recipient.diagnostic.text);
    if (others.length === 0 || namesOf(recipient).some((name) => others.includes(name))) return recipient;
    taken++;
    // A status that was made out of those words goes with them; its class may be the reporting MTA's own.
    const made = findEnhancedStatus(recipient.diagnostic.text)?.slice(1) === recipient.status?.slice(1);
    const status = made ? null : recipient.status;
    return { ...recipient, status, diagnostic: null, replyCode: null, smtpCommand: null };
  });
  if (taken === 0) return reading;
  return {
    report: { ...report, recipients: own },
    warnings: [...warnings, { code: OTHERS_WORDS, value: String(taken) }],
  };
}
