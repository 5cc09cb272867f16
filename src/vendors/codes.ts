/** A reason in other products' codes, for consumers that were written for them. */
import type { Codes, Reason, Severity } from "../event/event.ts";
import type { Action } from "../event/smtp.ts";
import { crosswalkOf, type ByClass, type CrosswalkRow } from "./crosswalk.ts";
import type { FailureCodes } from "./failure-codes.ts";

/** What else decides between two codes for one reason. `null` or absent: not known. */
export interface CodeContext {
  readonly severity: Severity;
  readonly action?: Action | null;
  readonly replyCode?: number | null;
  /** As read, or derived. */
  readonly status?: string | null;
  /** The diagnostic text: tells a DMARC refusal from other failed authentication. */
  readonly text?: string | null;
  /** Id of the rule that decided. */
  readonly rule?: string | null;
  /** The installation's own failure codes; without them the built-in ones. */
  readonly failureCodes?: FailureCodes | undefined;
}

/** Every vendor's code for `reason`. */
export function codesFor(reason: Reason, context: CodeContext): Codes {
  const row = crosswalkOf(reason);
  const permanent = isPermanent(context);
  const pick = <T extends string | number>(cell: T | null | ByClass<T>): T | null =>
    cell !== null && typeof cell === "object" ? (permanent ? cell.permanent : cell.temporary) : cell;
  return {
    failureCode: context.failureCodes?.codeOf(reason, context.rule ?? null) ?? row.failureCode,
    sendgrid: row.sendgrid,
    ses: pick(row.ses),
    postmark: reason === "auth_failed" && isDmarc(context) ? "DMARCPolicy" : pick(row.postmark),
    mailgun: pick(row.mailgun),
    sparkpost: pick(row.sparkpost),
    powermta: reason === "dns_failure" && isDomainStatus(context) ? "bad-domain" : row.powermta,
    kumomta: row.kumomta,
    sisimai: sisimaiOf(reason, row, context, permanent),
  };
}

/** The permanent form for 5xx or a failed delivery, the temporary one otherwise. A 4xx that expired stays temporary. */
function isPermanent({ severity, replyCode, status, action }: CodeContext): boolean {
  if (severity === "hard") return true;
  const digit = status?.[0] ?? (replyCode ? String(replyCode)[0] : undefined);
  if (digit === "5") return true;
  if (digit === "4") return false;
  return action === "failed";
}

/** Microsoft says 5.7.509 and Gmail 5.7.26 where a published policy asked for the refusal. */
function isDmarc({ text, status }: CodeContext): boolean {
  return /dmarc/i.test(text ?? "") || status === "5.7.509";
}

/** x.1.2 blames the recipient's domain, x.4.3 the resolver on the way. */
function isDomainStatus({ status }: CodeContext): boolean {
  return status?.endsWith(".1.2") ?? false;
}

/** Sisimai calls a deferral that is still being retried `expired`, one refused for good `blocked`. */
function sisimaiOf(reason: Reason, row: CrosswalkRow, context: CodeContext, permanent: boolean): string | null {
  if (reason === "greylisted" && permanent) return "blocked";
  if (reason === "other_info" && (context.action === "relayed" || context.action === "expanded")) return "delivered";
  return row.sisimai;
}
