/** What `bounced explain` writes for a person: a title, then one labelled line per thing to know. */
import type { DictionaryEntry } from "../../dictionary/dictionary.ts";
import type { ExplainedVerdict } from "../../core/index.ts";
import type { Advice, Codes, Fault, Reason, Severity } from "../../event/event.ts";
import type { FailureCode } from "../../vendors/failure-codes.ts";
import { columnsOf, wrap } from "../wrap.ts";
import type { ExplainWords } from "./words.ts";

interface ReasonText {
  readonly reason: Reason;
  readonly severity: Severity;
  readonly fault: Fault;
  readonly advice: Advice;
  readonly whatHappened: string;
  readonly whatToDo: string;
}

/** The lines of one answer: labels in a column, wide enough for the longest of the language. */
function linesIn({
  label,
}: ExplainWords): (name: keyof ExplainWords["label"], value: string | null) => readonly string[] {
  const column =
    Math.max(
      ...Object.values(label)
        .map(columnsOf)
        .filter((columns) => columns <= MAX_LABEL),
    ) + 1;
  return (name, value) => {
    if (value === null || value === "") return [];
    const space = " ".repeat(Math.max(1, column - columnsOf(label[name])));
    return [wrap(`  ${label[name]}${space}${value}`, " ".repeat(column + 2))];
  };
}

/** The heading of a list below it is a label too. */
const MAX_LABEL = 16;

export function formatEntry(entry: DictionaryEntry, failureCode: FailureCode | null, words: ExplainWords): string {
  const { strength, replyCodes, deviations } = entry;
  const line = linesIn(words);
  return [
    ...(words.label.registeredName === "" ? [wrap(`${entry.code}  ${entry.title}`)] : [entry.code]),
    ...line("means", entry.meaning),
    ...line("cause", entry.cause),
    ...line("nextStep", entry.nextStep),
    ...line("atFault", words.fault[entry.fault]),
    ...line("treatedAs", `${words.severity[entry.severity]}, ${words.advice[entry.advice]} (${entry.reason})`),
    ...line("trust", words.strength[strength ?? "none"]),
    ...line("failureCode", failureCode && `${failureCode.code} ${failureCode.text}`),
    ...line("goesWith", replyCodes.join(", ")),
    ...(words.label.registeredName === "" ? [] : line("registeredName", entry.title)),
    ...line("source", entry.reference),
    ...(deviations.length > 0 ? [`  ${words.label.deviations}`] : []),
    ...deviations.map(({ provider, code, when, reason }) =>
      wrap(`    ${provider} ${code}: ${when} (${reason})`, " ".repeat(6)),
    ),
  ].join("\n");
}

export function formatFailureCode(code: FailureCode, reasons: readonly ReasonText[], words: ExplainWords): string {
  const line = linesIn(words);
  return [
    `${code.code}  ${code.text}`,
    ...line("family", code.family),
    ...line("givenBy", [...code.reasons, ...code.rules].join(", ") || words.nothing),
    ...(code.custom ? [`  ${words.own}`] : []),
    ...reasons.flatMap((reason) => ["", formatReasonLines(reason, words)]),
  ].join("\n");
}

function formatReasonLines(
  { reason, severity, fault, advice, whatHappened, whatToDo }: ReasonText,
  words: ExplainWords,
): string {
  const line = linesIn(words);
  return [
    `  ${reason} (${words.severity[severity]}, ${words.advice[advice]})`,
    ...line("means", whatHappened),
    ...line("nextStep", whatToDo),
    ...line("atFault", words.fault[fault]),
  ].join("\n");
}

export function formatReason(
  reason: ReasonText & { readonly status: string | null; readonly codes: Codes },
  words: ExplainWords,
): string {
  const status = linesIn(words)("status", reason.status);
  return [formatReasonLines(reason, words).trimStart(), ...status, ...codeLines(reason.codes, words)].join("\n");
}

export function formatVerdict(
  verdict: ExplainedVerdict,
  dictionary: DictionaryEntry | null,
  failureCode: FailureCode | null,
  words: ExplainWords,
): string {
  const [deciding] = verdict.evidence;
  const line = linesIn(words);
  const confidence = `${words.label.confidence} ${verdict.confidence.toFixed(2)}`;
  return [
    wrap(`${verdict.reason}  ${words.severity[verdict.severity]}, ${words.advice[verdict.advice]}, ${confidence}`),
    ...line("explanation", verdict.explanation),
    ...line("atFault", words.fault[verdict.fault]),
    ...line("also", verdict.secondaryReason),
    ...line("provider", verdict.provider),
    ...line("decidedBy", deciding ? `${deciding.source} ${deciding.rule ?? ""}`.trim() : null),
    ...line("becauseOf", deciding?.text ? `"${deciding.text}"` : null),
    ...line("status", verdict.derivedStatus && `${verdict.derivedStatus}${dictionary ? ` ${dictionary.title}` : ""}`),
    ...line("failureCode", failureCode && `${failureCode.code} ${failureCode.text}`),
    ...codeLines(verdict.codes, words),
  ].join("\n");
}

/** A text without a code, a rule or a wording that is known: at best a guess, which is no verdict. */
export function formatUnknown({ evidence, reason, confidence }: ExplainedVerdict, words: ExplainWords): string {
  const isGuess = evidence[0]?.source === "model";
  return [
    wrap(words.unknownText),
    ...linesIn(words)("guess", isGuess ? `${reason} (${confidence.toFixed(2)})` : null),
  ].join("\n");
}

function codeLines(codes: Codes, words: ExplainWords): readonly string[] {
  const others = Object.entries(codes).filter(([name, value]) => name !== "failureCode" && value !== null);
  return linesIn(words)("elsewhere", others.map(([name, value]) => `${name} ${value}`).join(", "));
}

const LIST_HANG = " ".repeat(13);

/** One line per code: enough to find the one to ask for. */
export function formatList(entries: readonly DictionaryEntry[], failureCodes: readonly FailureCode[]): string {
  return [
    ...entries.flatMap(({ code, title, meaning, nextStep, severity, reason }) => [
      wrap(`${code.padEnd(12)} ${title}  [${severity}: ${reason}]`, LIST_HANG),
      wrap(`${LIST_HANG}${meaning} ${nextStep}`, LIST_HANG),
    ]),
    ...failureCodes.map(({ code, family, text }) => wrap(`${String(code).padEnd(12)} ${family}: ${text}`, LIST_HANG)),
  ].join("\n");
}
