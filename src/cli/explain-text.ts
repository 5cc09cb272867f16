/** What `bounced explain` writes for a person: a title, then one labelled line per thing to know. */
import type { DictionaryEntry } from "../core/classify/dictionary.ts";
import type { Verdict } from "../core/classify/verdict.ts";
import type { Advice, Codes, Fault, Reason, Severity } from "../core/event.ts";
import type { FailureCode } from "../core/vendors/failure-codes.ts";

interface ReasonText {
  readonly reason: Reason;
  readonly severity: Severity;
  readonly fault: Fault;
  readonly advice: Advice;
  readonly whatHappened: string;
  readonly whatToDo: string;
}

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  recipient: "the recipient's address or mailbox",
  recipient_policy: "a choice of the recipient",
  sender: "the sender: your server, domain or account",
  content: "the message",
  remote: "the recipient's server or the way to it",
  none: "nobody",
  unknown: "not clear",
};

const line = (label: string, value: string | null): readonly string[] =>
  value === null || value === "" ? [] : [`  ${label.padEnd(13)}${value}`];

export function formatEntry(entry: DictionaryEntry, failureCode: FailureCode | null): string {
  const { strength, replyCodes, deviations } = entry;
  return [
    `${entry.code}  ${entry.title}`,
    ...line("means", entry.meaning),
    ...line("cause", entry.cause),
    ...line("next step", entry.nextStep),
    ...line("at fault", FAULT_WORDS[entry.fault]),
    ...line("treated as", `${entry.severity}, ${entry.advice} (${entry.reason})`),
    ...line("trust", strength === null ? "none without the text beside it" : strengthWords(strength)),
    ...line("failure code", failureCode && `${failureCode.code} ${failureCode.text}`),
    ...line("goes with", replyCodes.join(", ")),
    ...line("source", entry.reference),
    ...(deviations.length > 0 ? ["  providers who mean something else or more by it:"] : []),
    ...deviations.map(({ provider, code, when, reason }) => `    ${provider} ${code}: ${when} (${reason})`),
  ].join("\n");
}

function strengthWords(strength: "strong" | "medium" | "weak"): string {
  if (strength === "strong") return "strong: the code means what it says";
  return strength === "medium" ? "medium: some providers reuse the code" : "weak: used for everything, read the text";
}

export function formatFailureCode(code: FailureCode, reasons: readonly ReasonText[]): string {
  return [
    `${code.code}  ${code.text}`,
    ...line("family", code.family),
    ...line("given by", [...code.reasons, ...code.rules].join(", ") || "nothing at the moment"),
    ...line("", code.custom ? "set in bounced.yaml" : null),
    ...reasons.flatMap((reason) => ["", formatReasonLines(reason)]),
  ].join("\n");
}

function formatReasonLines({ reason, severity, fault, advice, whatHappened, whatToDo }: ReasonText): string {
  return [
    `  ${reason} (${severity}, ${advice})`,
    ...line("means", whatHappened),
    ...line("next step", whatToDo),
    ...line("at fault", FAULT_WORDS[fault]),
  ].join("\n");
}

export function formatReason(reason: ReasonText & { readonly status: string | null; readonly codes: Codes }): string {
  return [formatReasonLines(reason).trimStart(), ...line("status", reason.status), ...codeLines(reason.codes)].join(
    "\n",
  );
}

export function formatVerdict(
  verdict: Verdict,
  dictionary: DictionaryEntry | null,
  failureCode: FailureCode | null,
): string {
  const [deciding] = verdict.evidence;
  return [
    `${verdict.reason}  ${verdict.severity}, ${verdict.advice}, confidence ${verdict.confidence.toFixed(2)}`,
    ...line("explanation", verdict.explanation),
    ...line("at fault", FAULT_WORDS[verdict.fault]),
    ...line("also", verdict.secondaryReason),
    ...line("provider", verdict.provider),
    ...line("decided by", deciding ? `${deciding.source} ${deciding.rule ?? ""}`.trim() : null),
    ...line("because of", deciding?.text ? `"${deciding.text}"` : null),
    ...line("status", verdict.derivedStatus && `${verdict.derivedStatus}${dictionary ? ` ${dictionary.title}` : ""}`),
    ...line("failure code", failureCode && `${failureCode.code} ${failureCode.text}`),
    ...codeLines(verdict.codes),
  ].join("\n");
}

function codeLines(codes: Codes): readonly string[] {
  const others = Object.entries(codes).filter(([name, value]) => name !== "failureCode" && value !== null);
  return line("elsewhere", others.map(([name, value]) => `${name} ${value}`).join(", "));
}

/** One line per code: enough to find the one to ask for. */
export function formatList(entries: readonly DictionaryEntry[], failureCodes: readonly FailureCode[]): string {
  return [
    ...entries.flatMap(({ code, title, meaning, nextStep, severity, reason }) => [
      `${code.padEnd(12)} ${title}  [${severity}: ${reason}]`,
      `${" ".repeat(13)}${meaning} ${nextStep}`,
    ]),
    ...failureCodes.map(({ code, family, text }) => `${String(code).padEnd(12)} ${family}: ${text}`),
  ].join("\n");
}
