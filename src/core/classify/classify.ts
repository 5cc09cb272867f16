/**
 * Refusal -> verdict. Every piece of evidence is ranked on one scale, the best decides, the rest raises or lowers
 * confidence. Pure: the same refusal and the same rules give the same verdict on every machine.
 */
import type { Evidence, Reason } from "../../event/event.ts";
import { findStatuses } from "../fields/enhanced-status.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import type { Predicate } from "../knowledge/facts.ts";
import type { ReportKind } from "../report/report.ts";
import { candidatesFor, inOrder, isAtLeast, type Candidate } from "./candidates.ts";
import { clausesOf } from "./facts/clauses.ts";
import type { Question } from "./condition.ts";
import { decide, UNDECIDED, type Decision } from "./decide.ts";
import { readFacts, type Fact } from "./facts/facts.ts";
import { fallBack } from "./fallback.ts";
import { readSaid } from "./facts/read-said.ts";
import { derivedStatusOf, REASON_TABLE } from "../../event/reasons.ts";
import { lower, recogniseProvider, type Recognition } from "./recognise-provider.ts";
import { parseStatus, type Status } from "./status.ts";
import type { RuleSet } from "./rule-set.ts";
import { serverWords } from "./facts/server-words.ts";
import { severityOf } from "./severity.ts";
import { quoterOf } from "./facts/source-text.ts";
import type { Refusal, Verdict } from "./verdict.ts";
import { foldText, MAX_TEXT, wordsOf, wordsOfFolded } from "./words.ts";

export interface ClassifySettings {
  readonly rules: RuleSet;
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

export function classify(refusal: Refusal, { rules }: ClassifySettings): Verdict {
  const reading = readRefusal(refusal, rules);
  const decision = askedOfModel(decideBy(refusal, reading), refusal, reading, rules);
  const { reason, deciding } = decision;
  const provider = reading.recognition.refuser ?? providerOfRule(deciding, rules);
  const severity = severityOf({
    decision,
    deciding,
    refusal,
    temporary: reading.temporary,
    permanent: reading.permanent,
  });
  const derivedStatus = statusOf(refusal.status, reading.statuses, reason, reading.temporary);
  const { fault, advice } = REASON_TABLE[reason];
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
  };
}

/** Only what a server said is asked about: prose is no diagnostic, and what kind and action decided stands. */
function askedOfModel(decision: Decision, { text }: Refusal, reading: RefusalReading, { model }: RuleSet): Decision {
  const source = decision.deciding?.source;
  if (text === null || model === null || source === "kind" || source === "action") return decision;
  const { words, statuses, replyCode } = reading;
  return fallBack(decision, { words, statuses, replyCode }, model);
}

export interface RefusalReading {
  /** What the server said, without what was written around it. */
  readonly words: readonly string[];
  readonly candidates: readonly Candidate[];
  /** What is said of whom. */
  readonly facts: readonly Fact[];
  readonly recognition: Recognition;
  readonly statuses: readonly string[];
  readonly replyCode: number | null;
  /** 4xx: the refusal is of the kind that may pass. */
  readonly temporary: boolean;
  /** 5xx. */
  readonly permanent: boolean;
  readonly textOf: (candidate: Candidate) => string | null;
}

/** What classification looked at, and every candidate, best first: for `bounced rules test`. */
export function readRefusal(refusal: Refusal, rules: RuleSet): RefusalReading {
  const text = refusal.text ?? "";
  const said = serverWords(text).slice(0, MAX_TEXT);
  const replyCode = refusal.replyCode ?? findReplyCode(said);
  const statuses = [...new Set([...findStatuses(said), ...(refusal.status ? [refusal.status] : [])])];
  const folded = foldText(said);
  const words = wordsOfFolded(folded);
  const hits = rules.index.find(words);
  const recognition = recogniseProvider(refusal, hits, rules);
  const question: Question = {
    hits,
    folded: () => folded,
    statuses: parsed(statuses),
    replyCode,
    command: refusal.smtpCommand,
    providers: recognition.all,
    remoteMta: lower(refusal.remoteMta),
    reportingMta: lower(refusal.reportingMta),
    recipientDomain: lower(refusal.recipientDomain),
    software: refusal.software,
  };
  const { clauses, facts } = readSaid(refusal, { replyCode, statuses }, rules.lexicon);
  const candidates = candidatesFor(question, facts, rules);
  const prose = refusal.prose?.slice(0, MAX_TEXT) ?? "";
  const asked = prose !== "" && !candidates.some((candidate) => isAnswer(candidate, replyCode !== null));
  const proseWords = asked ? wordsOf(prose) : [];
  const proseClauses = asked ? clausesOf(prose) : [];
  const fromProse = asked ? candidatesInProse(question, proseWords, proseClauses, prose, rules) : [];
  const quote = quoterOf(text);
  const quoteProse = quoterOf(prose);
  return {
    words,
    candidates: inOrder([...candidates, ...fromProse]),
    facts,
    recognition,
    statuses,
    replyCode,
    temporary: isTemporary(replyCode, statuses),
    permanent: isPermanent(replyCode, statuses),
    textOf: (candidate) => {
      const { span, fact } = candidate;
      if (!span) return null;
      const inProse = fromProse.includes(candidate);
      const from = fact ? (inProse ? proseClauses : clauses) : inProse ? proseWords : words;
      return (inProse ? quoteProse : quote)(from.slice(span.start, span.end));
    },
  };
}

/** Where a reply is quoted, what it says little of is still more than what is written around it. */
const isAnswer = (candidate: Candidate, isReply: boolean): boolean =>
  isAtLeast(candidate, "strong status") || (isReply && candidate.band === "vague fact");

const parsed = (statuses: readonly string[]): readonly Status[] =>
  statuses.flatMap((status) => parseStatus(status) ?? []);

/** Prose is written for people and quotes what it likes: only rules and firm facts of it count, and less. */
function candidatesInProse(
  question: Question,
  words: readonly string[],
  clauses: readonly string[],
  prose: string,
  rules: RuleSet,
): readonly Candidate[] {
  const asked = {
    ...question,
    hits: rules.index.find(words),
    folded: () => foldText(prose),
    statuses: [...question.statuses, ...parsed(findStatuses(prose))],
    replyCode: question.replyCode ?? findReplyCode(prose),
  };
  return candidatesFor(asked, readFacts(clauses, rules.lexicon, "recipient"), rules)
    .filter((candidate) => isAtLeast(candidate, "strong status") && !isLoose(candidate.fact))
    .map((candidate) => ({ ...candidate, band: "prose", confidence: candidate.confidence * 0.85 }));
}

/** Mail programs quote headers and advise on addresses: there these words say nothing of the refusal. */
const SAID_OF_MUCH: ReadonlySet<Predicate> = new Set([
  "malformed",
  "invalid",
  "moved",
  "non_ascii",
  "out_of_order",
  "insecure",
  "unauthenticated",
]);
const isLoose = (fact: Fact | null): boolean =>
  fact !== null && (SAID_OF_MUCH.has(fact.predicate) || (fact.subject === null && fact.cell.weight === "hard"));

const REASON_OF_KIND = {
  complaint: "complaint",
  unsubscribe: "unsubscribe",
  not_spam: "other_info",
  feedback: "other_info",
  aggregate: "other_info",
  auto_reply: "auto_reply",
  challenge: "challenge_response",
  disposition: "other_info",
  not_sent: "not_attempted",
} as const satisfies Record<Exclude<ReportKind, "delivery">, Reason>;

/** The kind of message and the action come first: a delivery that succeeded is no failure, whatever its text says. */
function decideBy({ kind, action }: Refusal, { candidates }: RefusalReading): Decision {
  if (kind === null) return UNDECIDED;
  if (kind !== "delivery") return certain(REASON_OF_KIND[kind], "kind", kind);
  if (action === "delivered") return certain("delivered", "action", action);
  if (action === "relayed" || action === "expanded") return certain("other_info", "action", action);
  const decision = decide(candidates);
  // A queue that has a reply to show shows it: a delay without one means that the servers have not talked yet.
  if (decision.reason !== "unknown" || action !== "delayed") return decision;
  return { ...certain("connection_failed", "action", "delayed-without-reply"), confidence: 0.3 };
}

function certain(reason: Reason, source: "kind" | "action", name: string): Decision {
  const rest = { band: "own rule", words: 0, conditions: 0, order: 0, span: null, status: null, fact: null } as const;
  const deciding: Candidate = { source, name, reason, confidence: 0.98, ...rest };
  return { reason, secondaryReason: null, confidence: 0.98, deciding, evidence: [deciding] };
}

/** The reply code is the wire's own word; the class digit of a status is often somebody's translation. */
function isTemporary(replyCode: number | null, statuses: readonly string[]): boolean {
  if (replyCode !== null && replyCode >= 400) return replyCode < 500;
  return statuses.length > 0 && statuses.every((status) => status.startsWith("4"));
}

const isPermanent = (replyCode: number | null, statuses: readonly string[]): boolean =>
  replyCode !== null ? replyCode >= 500 : statuses.some((status) => status.startsWith("5"));

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

function evidenceOf({ evidence }: Decision, { textOf }: RefusalReading): readonly Evidence[] {
  if (evidence.length === 0) return [{ source: "none", rule: null, text: null, status: null }];
  return evidence.map((candidate) => ({
    source: candidate.source,
    rule: candidate.name,
    text: textOf(candidate),
    status: candidate.status,
  }));
}
