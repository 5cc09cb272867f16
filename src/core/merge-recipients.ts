import { ACTIONS, type RecipientReport, type Warning } from "./report.ts";

/** A report names more recipients than this only to hurt; the rest is cut and a warning says how many. */
export const MAX_RECIPIENTS = 1000;

const rank = (report: RecipientReport): number =>
  report.action === null ? ACTIONS.length : ACTIONS.indexOf(report.action);

/**
 * One report per recipient, in the order of the message. Where the same address comes twice the worse action stays
 * (failed before delayed before delivered), and the first of equals. A report that names the very address it came to
 * (`ownAddress`, the bounce address) has confused sender and recipient: that is a warning, not a recipient.
 */
export function mergeRecipients(
  reports: readonly RecipientReport[],
  ownAddress: string | null = null,
): {
  readonly recipients: readonly RecipientReport[];
  readonly warnings: readonly Warning[];
} {
  const own = ownAddress?.toLowerCase() ?? null;
  const byAddress = new Map<string, RecipientReport>();
  const warnings: Warning[] = [];
  for (const report of reports) {
    const key = (report.finalRecipient ?? report.originalRecipient ?? "").toLowerCase();
    if (own !== null && key === own) {
      warnings.push({ code: "own-address", field: "Final-Recipient", value: key });
      continue;
    }
    const known = byAddress.get(key);
    if (!known || rank(report) < rank(known)) byAddress.set(key, report);
  }
  const recipients = [...byAddress.values()];
  if (recipients.length <= MAX_RECIPIENTS) return { recipients, warnings };
  const value = `${recipients.length}, kept ${MAX_RECIPIENTS}`;
  warnings.push({ code: "too-many-recipients", field: "Final-Recipient", value });
  return { recipients: recipients.slice(0, MAX_RECIPIENTS), warnings };
}
