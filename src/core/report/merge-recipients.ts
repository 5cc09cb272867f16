import { type RecipientReport } from "./report.ts";
import { type Warning } from "../fields/warning.ts";
import { ACTIONS } from "../../event/smtp.ts";

/** The one bound on recipients: a report that names more does so only to hurt. */
export const MAX_RECIPIENTS = 1000;

/** The first `MAX_RECIPIENTS`, with one warning where there were more. Cut before reading: each costs work. */
export function capRecipients<Item>(items: readonly Item[], warnings: Warning[]): readonly Item[] {
  if (items.length <= MAX_RECIPIENTS) return items;
  const isKnown = warnings.some(({ code }) => code === "too-many-recipients");
  if (!isKnown) warnings.push({ code: "too-many-recipients", value: `kept ${MAX_RECIPIENTS}` });
  return items.slice(0, MAX_RECIPIENTS);
}

const rank = (report: RecipientReport): number =>
  report.action === null ? ACTIONS.length : ACTIONS.indexOf(report.action);

/**
 * One report per recipient, in the order of the message. Where the same address comes twice the worse action stays
 * (failed before delayed before delivered), and the first of equals. A report that names the very address it came to
 * (`ownAddress`, the bounce address) has confused sender and recipient: that is a warning, not a recipient.
 */
export function mergeRecipients(
  reports: readonly RecipientReport[],
  ownAddress: string | null,
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
      if (warnings.length === 0) warnings.push({ code: "own-address", field: "Final-Recipient", value: key });
      continue;
    }
    const known = byAddress.get(key);
    if (!known || rank(report) < rank(known)) byAddress.set(key, report);
  }
  return { recipients: capRecipients([...byAddress.values()], warnings), warnings };
}
