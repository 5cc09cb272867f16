/**
 * Refusal -> verdict. Every piece of evidence is ranked on one scale, the best decides, the rest raises or lowers
 * confidence. Pure: the same refusal and the same rules give the same verdict on every machine.
 */
import type { Evidence, Reason, Severity } from "../event.ts";
import type { ReportKind } from "../report.ts";
import { codesFor } from "../vendors/codes.ts";
import type { FailureCodes } from "../vendors/failure-codes.ts";
import { candidatesFor, type Candidate } from "./candidates.ts";
import type { Question } from "./condition.ts";
import { decide, STRONG_STATUS, UNDECIDED, type Decision } from "./decide.ts";
import { explanationOf } from "./explanation.ts";
import { fallBack } from "./fallback.ts";
import { EXPLANATION_LANGUAGES, type ExplanationLanguage } from "./explanations/shape.ts";
import { derivedStatusOf, REASON_TABLE } from "./reasons.ts";
import { lower, recogniseProvider, type Recognition } from "./recognise-provider.ts";
import { parseStatus, readReplies, type Status } from "./reply-text.ts";
import type { RuleSet } from "./rule-set.ts";
import { serverWords } from "./server-words.ts";
import { sourceText } from "./source-text.ts";
import type { Refusal, Verdict } from "./verdict.ts";
import { foldText, MAX_TEXT, wordsOf } from "./words.ts";

export interface ClassifySettings {
  readonly rules: RuleSet;
  /** Language of the explanation; English where there is none. */
  readonly language: string;
  /** The installation's own failure codes; the built-in ones where there are none. */
  readonly failureCodes?: FailureCodes;
}

/** Nothing but a text, as from a log line. */
export const emptyRefusal: Refusal = {
  text: null,
  status: null,
  replyCode: null,
  smtpCommand: null,
  remoteMta: null,
  reportingMta: null,
  software: null,
  recipientDomain: null,
  action: null,
  kind: "delivery",
  prose: null,
};

export function classify(refusal: Refusal, { rules, language, failureCodes }: ClassifySettings): Verdict {
  const reading = readRefusal(refusal, rules);
  const decision = askedOfModel(decideBy(refusal, reading), refusal, reading, rules);
  const { reason, deciding } = decision;
  const provider = reading.recognition.refuser ?? providerOfRule(deciding, rules);
  const severity = severityOf(decision, reading.temporary, refusal);
  const derivedStatus = statusOf(refusal.status, reading.statuses, reason, reading.temporary);
  const { fault, advice } = REASON_TABLE[reason];
  const status = refusal.status ?? derivedStatus;
  return {
    reason,
    secondaryReason: decision.secondaryReason,
    severity: severity.severity,
    fault,
    advice: advice === "suppress" && severity.severity === "soft" ? "retry" : advice,
    confidence: Math.round(decision.confidence * severity.factor * 100) / 100,
    evidence: evidenceOf(decision, reading),
    provider,
    derivedStatus,
    explanation: explanationOf(reason, { language: knownLanguage(language), provider, status }),
    codes: codesFor(reason, {
      severity: severity.severity,
      action: refusal.action,
      replyCode: reading.replyCode,
      status,
      text: refusal.text,
      rule: deciding?.name ?? null,
      failureCodes,
    }),
  };
}

/** Only what a server said is asked about: prose is no diagnostic, and what kind and action decided stands. */
function askedOfModel(decision: Decision, { text }: Refusal, reading: Reading, { model }: RuleSet): Decision {
  const source = decision.deciding?.source;
  if (text === null || model === null || source === "kind" || source === "action") return decision;
  const { words, statuses, replyCode } = reading;
  return fallBack(decision, { words, statuses, replyCode }, model);
}

interface Reading {
  /** What the server said, without what was written around it. */
  readonly words: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly proseCandidates: readonly Candidate[];
  readonly recognition: Recognition;
  readonly statuses: readonly string[];
  readonly replyCode: number | null;
  /** 4xx: the refusal is of the kind that may pass. */
  readonly temporary: boolean;
  readonly textOf: (candidate: Candidate) => string | null;
}

/** Prose is written for people and quotes what it likes: its words count less than the remote server's. */
const PROSE_PENALTY = 28;
/** Single words mean nothing in a letter. */
const PROSE_RANK = 40;

/** What classification looked at, and every candidate, best first: for `bounced rules test`. */
export function readRefusal(refusal: Refusal, rules: RuleSet): Reading {
  const text = refusal.text ?? "";
  const said = serverWords(text);
  const replies = readReplies(said.slice(0, MAX_TEXT));
  const replyCode = refusal.replyCode ?? replies.replyCode;
  const statuses = [...new Set([...replies.statuses, ...(refusal.status ? [refusal.status] : [])])];
  const words = wordsOf(said);
  const hits = rules.index.find(words);
  const recognition = recogniseProvider(refusal, hits, rules);
  const question: Question = {
    hits,
    folded: () => foldText(said.slice(0, MAX_TEXT)),
    statuses: parsed(statuses),
    replyCode,
    command: refusal.smtpCommand,
    providers: recognition.all,
    remoteMta: lower(refusal.remoteMta),
    reportingMta: lower(refusal.reportingMta),
    recipientDomain: lower(refusal.recipientDomain),
    software: refusal.software,
  };
  const candidates = candidatesFor(question, rules);
  const prose = refusal.prose?.slice(0, MAX_TEXT) ?? "";
  const proseHits = prose === "" || (candidates[0]?.rank ?? 0) >= 45 ? null : rules.index.find(wordsOf(prose));
  const proseCandidates = proseHits ? candidatesInProse({ ...question, hits: proseHits }, prose, rules) : [];
  return {
    words,
    candidates,
    proseCandidates,
    recognition,
    statuses,
    replyCode,
    temporary: isTemporary(replyCode, statuses),
    textOf: (candidate) => {
      if (!candidate.span) return null;
      const inProse = proseCandidates.includes(candidate) && proseHits;
      const words = (inProse ? proseHits : hits).words.slice(candidate.span.start, candidate.span.end);
      return sourceText(inProse ? prose : text, words);
    },
  };
}

const parsed = (statuses: readonly string[]): readonly Status[] =>
  statuses.flatMap((status) => parseStatus(status) ?? []);

function candidatesInProse(question: Question, prose: string, rules: RuleSet): readonly Candidate[] {
  const { replyCode, statuses } = readReplies(prose);
  const asked = {
    ...question,
    statuses: [...question.statuses, ...parsed(statuses)],
    replyCode: question.replyCode ?? replyCode,
  };
  return candidatesFor({ ...asked, folded: () => foldText(prose) }, rules)
    .filter(({ rank }) => rank >= PROSE_RANK)
    .map((candidate) => ({
      ...candidate,
      rank: candidate.rank - PROSE_PENALTY,
      confidence: candidate.confidence * 0.85,
    }));
}

const REASON_OF_KIND = {
  complaint: "complaint",
  unsubscribe: "unsubscribe",
  auto_reply: "auto_reply",
  challenge: "challenge_response",
  disposition: "other_info",
} as const satisfies Record<Exclude<ReportKind, "delivery">, Reason>;

/** The kind of message and the action come first: a delivery that succeeded is no failure, whatever its text says. */
function decideBy({ kind, action }: Refusal, { candidates, proseCandidates }: Reading): Decision {
  if (kind === null) return UNDECIDED;
  if (kind !== "delivery") return certain(REASON_OF_KIND[kind], "kind", kind);
  if (action === "delivered") return certain("delivered", "action", action);
  if (action === "relayed" || action === "expanded") return certain("other_info", "action", action);
  const decision = decide([...candidates, ...proseCandidates].sort((a, b) => b.rank - a.rank));
  // A queue that has a reply to show shows it: a delay without one means that the servers have not talked yet.
  if (decision.reason !== "unknown" || action !== "delayed") return decision;
  return { ...certain("connection_failed", "action", "delayed-without-reply"), confidence: 0.3 };
}

function certain(reason: Reason, source: "kind" | "action", name: string): Decision {
  const rest = { rank: 99, words: 0, conditions: 0, order: 0, span: null, status: null };
  const deciding: Candidate = { source, name, reason, confidence: 0.98, ...rest };
  return { reason, secondaryReason: null, confidence: 0.98, deciding, evidence: [deciding] };
}

/** Reasons that name the recipient's identity: a server that says so with 4xx is cautious, not undecided. */
const IDENTITY: ReadonlySet<Reason> = new Set(["mailbox_unknown", "address_moved", "owner_changed", "address_syntax"]);

/** `550 mailbox temporarily disabled`: whoever says that it passes is believed, whatever the code says. */
const SAID_TO_PASS =
  /temporar|temporalmente|temporaire|temporanea|vorübergehend|zeitweilig|tijdelijk|tymczasow|временно|тимчасово|一時|一时|暂时|暫時|일시/i;

/** A status that some provider uses for something else needs words that do not speak of the sender or the content. */
function isDoubtful({ deciding, evidence }: Decision): boolean {
  if (deciding?.source !== "status" || deciding.rank >= STRONG_STATUS) return false;
  return evidence.some((other) => other !== deciding && REASON_TABLE[other.reason].fault !== "recipient");
}

function severityOf(
  decision: Decision,
  temporary: boolean,
  { action, text }: Refusal,
): { readonly severity: Severity; readonly factor: number } {
  const { reason, deciding } = decision;
  const { severity } = REASON_TABLE[reason];
  if (severity !== "hard") return { severity, factor: 1 };
  if (isDoubtful(decision)) return { severity: "soft", factor: 0.8 };
  // A guess never deletes an address.
  if (deciding?.source === "model") return { severity: "soft", factor: 1 };
  // A reply code alone never deletes an address: 553 and 521 mean too many things. Nor does 5.3.2: many a passing fault.
  if (deciding?.source === "reply_code" || deciding?.status?.endsWith(".3.2")) return { severity: "soft", factor: 1 };
  // Without a report that says failed, a complaint about syntax may as well be about a command of ours.
  if (reason === "address_syntax" && action !== "failed") return { severity: "soft", factor: 0.9 };
  if (reason === "mailbox_disabled" && SAID_TO_PASS.test(text ?? "")) return { severity: "soft", factor: 0.9 };
  if (!temporary) return { severity, factor: deciding?.source === "status" ? 0.95 : 1 };
  const given = action === "failed" && IDENTITY.has(reason) && deciding?.source.endsWith("_rule") === true;
  return given ? { severity, factor: 0.85 } : { severity: "soft", factor: 0.9 };
}

/** The reply code is the wire's own word; the class digit of a status is often somebody's translation. */
function isTemporary(replyCode: number | null, statuses: readonly string[]): boolean {
  if (replyCode !== null && replyCode >= 400) return replyCode < 500;
  return statuses.length > 0 && statuses.every((status) => status.startsWith("4"));
}

function statusOf(read: string | null, inText: readonly string[], reason: Reason, temporary: boolean): string | null {
  const says = (status: string): boolean => !status.endsWith(".0.0");
  if (read !== null && says(read)) return read;
  return inText.find(says) ?? derivedStatusOf(reason, temporary);
}

/** A rule of a provider that wins by its wording alone names the provider. */
function providerOfRule(deciding: Candidate | null, rules: RuleSet): string | null {
  if (deciding?.source !== "provider_rule") return null;
  const owner = deciding.name.slice(0, deciding.name.indexOf("/"));
  const known = rules.providers.find(({ provider }) => provider.id === owner)?.provider;
  return known && known.kind !== "blocklist" && known.kind !== "software" ? owner : null;
}

function evidenceOf({ evidence }: Decision, { textOf }: Reading): readonly Evidence[] {
  if (evidence.length === 0) return [{ source: "none", rule: null, text: null, status: null }];
  return evidence.map((candidate) => ({
    source: candidate.source,
    rule: candidate.name,
    text: textOf(candidate),
    status: candidate.status,
  }));
}

function knownLanguage(language: string): ExplanationLanguage {
  return EXPLANATION_LANGUAGES.find((known) => known === language) ?? "en";
}
