/** The code dictionary: every enhanced code and basic reply code, with what it means, why it comes and what to do. */
import type { Advice, Fault, Reason, Severity } from "../event/event.ts";
import { causeIn } from "./causes/causes.ts";
import { DEVIATIONS, deviationsOf, type Deviation } from "./deviations.ts";
import { ENHANCED_NOTES, FREQUENT_STATUSES, type CodeNote } from "./enhanced-notes.ts";
import { FREQUENT_REPLY_CODES, REPLY_NOTES } from "./reply-notes.ts";
import { sentencesFor } from "../explanations/explanation.ts";
import type { ExplanationLanguage } from "../explanations/shape.ts";
import { REGISTRY, registryRowOf, type RegistryRow, type Strength } from "./iana.ts";
import { REASON_TABLE } from "../event/reasons.ts";
import { REPLY_CODES, type ReplyCodeRow } from "./reply-codes.ts";

export interface DictionaryEntry {
  /** `5.7.26`, `x.7.26` where both classes mean the same, or `552`. */
  readonly code: string;
  /** `provider`: in no registry, but some provider's own. */
  readonly kind: "enhanced" | "reply" | "provider";
  readonly title: string;
  /** Written for the code in English; in another language it is the sentence of its reason. */
  readonly meaning: string;
  /** Usual cause; null where none is known. */
  readonly cause: string | null;
  readonly nextStep: string;
  readonly reason: Reason;
  readonly severity: Severity;
  readonly fault: Fault;
  readonly advice: Advice;
  /** How far the code alone may be trusted; null for reply codes, which never may. */
  readonly strength: Strength | null;
  /** RFC, or `wild` for what stands in none, or the provider's name. */
  readonly reference: string;
  /** Basic codes that go with an enhanced one. */
  readonly replyCodes: readonly string[];
  readonly deviations: readonly Deviation[];
}

export interface DictionaryOptions {
  readonly language: ExplanationLanguage;
}

/** The entry of `5.7.26`, `x.1.1`, `552`; null for what is in no table and no provider's list. */
export function lookUp(code: string, options: DictionaryOptions): DictionaryEntry | null {
  if (/^\d{3}$/.test(code)) {
    const row = REPLY_CODES.find(({ replyCode }) => replyCode === Number(code));
    return row ? replyEntry(row, options) : null;
  }
  if (!/^[245xX]\.\d{1,3}\.\d{1,3}$/.test(code)) return null;
  const status = code.toLowerCase();
  const row = registryRowOf(status.startsWith("x") ? `5${status.slice(1)}` : status);
  if (row) return enhancedEntry(row, status, options);
  const own = DEVIATIONS.find(({ code: range }) => deviationsOf(asked(status)).some((one) => one.code === range));
  return own ? providerEntry(own, status, options) : null;
}

/** Those people look up most, first the enhanced ones. */
export function frequentCodes(options: DictionaryOptions): readonly DictionaryEntry[] {
  return [...FREQUENT_STATUSES, ...FREQUENT_REPLY_CODES.map(String)].flatMap((code) => lookUp(code, options) ?? []);
}

/** Everything: frequent codes, the rest of the registry, basic reply codes, then the providers' own codes. */
export function allCodes(options: DictionaryOptions): readonly DictionaryEntry[] {
  const frequent = frequentCodes(options);
  const seen = new Set(frequent.map(({ code }) => code));
  const registry = REGISTRY.flatMap((row) =>
    codesOf(row)
      .filter((code) => !seen.has(code))
      .map((code) => enhancedEntry(row, code, options)),
  );
  const replies = REPLY_CODES.filter(({ replyCode }) => !seen.has(String(replyCode))).map((row) =>
    replyEntry(row, options),
  );
  const own = DEVIATIONS.filter(({ code }) => /\./.test(code) && !seen.has(code) && !registryRowOf(asked(code)));
  return [...frequent, ...registry, ...replies, ...own.map((one) => providerEntry(one, one.code, options))];
}

/** `x.1.1` when both classes say the same, else one row per class. A positive report stands under its 2. */
function codesOf({ code, temporary, permanent }: RegistryRow): readonly string[] {
  if (temporary.reason === permanent.reason)
    return [temporary.reason === "delivered" || temporary.reason === "other_info" ? `2.${code}` : `x.${code}`];
  return [`4.${code}`, `5.${code}`];
}

function enhancedEntry(row: RegistryRow, code: string, options: DictionaryOptions): DictionaryEntry {
  const { reason, strength } = code.startsWith("4") ? row.temporary : row.permanent;
  const shown = code.startsWith("2") ? "delivered" : reason;
  const note = ENHANCED_NOTES[row.code] ?? [row.title, "", ""];
  return {
    code,
    kind: "enhanced",
    title: row.title,
    ...wordsFor(note, shown, null, code, options),
    ...judgement(shown, code),
    strength,
    reference: row.reference,
    replyCodes: row.replyCodes,
    deviations: inLanguage(deviationsOf(asked(code)), options),
  };
}

function replyEntry(row: ReplyCodeRow, options: DictionaryOptions): DictionaryEntry {
  const code = String(row.replyCode);
  return {
    code,
    kind: "reply",
    title: row.title,
    ...wordsFor(REPLY_NOTES[row.replyCode] ?? [row.title, "", ""], row.reason, null, code, options),
    ...judgement(row.reason, code),
    strength: null,
    reference: row.origin,
    replyCodes: [],
    deviations: inLanguage(deviationsOf(code), options),
  };
}

function providerEntry(own: Deviation, code: string, options: DictionaryOptions): DictionaryEntry {
  const provider = own.provider.toLowerCase().split("/")[0] ?? null;
  const [meaning, nextStep] = sentencesFor(own.reason, { language: options.language, provider, status: asked(code) });
  const english = options.language === "en";
  return {
    code,
    kind: "provider",
    title: `${own.provider}: ${own.when}`,
    meaning,
    cause: english ? `A code of ${own.provider}'s own: ${own.when}.` : null,
    nextStep,
    ...judgement(own.reason, code),
    strength: "strong",
    reference: own.provider,
    replyCodes: [],
    deviations: inLanguage(
      deviationsOf(asked(code)).filter((one) => one !== own),
      options,
    ),
  };
}

/** Remarks on providers are written in English; in another language each is the sentence of its reason. */
const inLanguage = (deviations: readonly Deviation[], { language }: DictionaryOptions): readonly Deviation[] =>
  language === "en"
    ? deviations
    : deviations.map((one) => ({ ...one, when: sentencesFor(one.reason, { language, provider: null })[0] }));

/** A concrete code for one with `x` or a range: `x.7.26` -> `5.7.26`, `5.7.606-649` -> `5.7.606`. */
function asked(code: string): string {
  return code.replace(/^x/, "5").replace(/-\d+$/, "");
}

function wordsFor(
  [meaning, cause, nextStep]: CodeNote,
  reason: Reason,
  provider: string | null,
  status: string,
  { language }: DictionaryOptions,
): Pick<DictionaryEntry, "meaning" | "cause" | "nextStep"> {
  if (language === "en") return { meaning, cause, nextStep };
  const [translated, step] = sentencesFor(reason, { language, provider, status });
  return { meaning: translated, cause: causeIn(cause, language), nextStep: step };
}

function judgement(reason: Reason, code: string): Pick<DictionaryEntry, "reason" | "severity" | "fault" | "advice"> {
  const { severity, fault, advice } = REASON_TABLE[reason];
  // A reply code alone never proves that an address is gone: 553 and 521 mean too many things.
  if (severity === "hard" && !code.includes(".")) return { reason, severity: "soft", fault, advice: "investigate" };
  // A 4 in front is the server's word that it is not final.
  if (severity === "hard" && code.startsWith("4")) return { reason, severity: "soft", fault, advice: "retry" };
  return { reason, severity, fault, advice };
}
