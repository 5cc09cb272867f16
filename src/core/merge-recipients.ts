import { ACTIONS, type RecipientReport, type Warning } from "./report.ts";

/** A report names more recipients than this only to hurt; the rest is cut and a warning says how many. */
export const MAX_RECIPIENTS = 1000;

const rank = (report: RecipientReport): number =>
  report.action === null ? ACTIONS.length : ACTIONS.indexOf(report.action);

/**
 * One report per recipient, in the order of the message. Where the same address comes twice the worse action stays
 * (failed before delayed before delivered), and the first of equals.
 */
export function mergeRecipients(reports: readonly RecipientReport[]): {
  readonly recipients: readonly RecipientReport[];
  readonly warnings: readonly Warning[];
} {
  const byAddress = new Map<string, RecipientReport>();
  for (const report of reports) {
    const key = (report.finalRecipient ?? report.originalRecipient ?? "").toLowerCase();
    const known = byAddress.get(key);
    if (!known || rank(report) < rank(known)) byAddress.set(key, report);
  }
  const recipients = [...byAddress.values()];
  if (recipients.length <= MAX_RECIPIENTS) return { recipients, warnings: [] };
  const warnings = [
    { code: "too-many-recipients", field: "Final-Recipient", value: `${recipients.length}, kept ${MAX_RECIPIENTS}` },
  ];
  return { recipients: recipients.slice(0, MAX_RECIPIENTS), warnings };
}
