/** A rule's condition, compiled: what to look up, what to compare. */
import type { SmtpCommand } from "../../event/smtp.ts";
import type { PhraseHits } from "./phrase-index.ts";
import type { Status } from "./status.ts";
import type { Condition } from "./rule.ts";
import type { CompilePattern } from "./rule-set.ts";

/** What is asked of one text. Names in lower case. */
export interface Question {
  readonly hits: PhraseHits;
  /** Folded text, for patterns; computed once, on demand. */
  readonly folded: () => string;
  readonly statuses: readonly Status[];
  readonly replyCode: number | null;
  readonly command: SmtpCommand | null;
  readonly providers: ReadonlySet<string>;
  readonly remoteMta: string | null;
  readonly reportingMta: string | null;
  readonly recipientDomain: string | null;
  readonly software: string | null;
}

export interface CompiledCondition {
  /** Phrases that make the rule worth a look; empty when the rule has none. */
  readonly triggers: readonly number[];
  /** Words and conditions that matched: the more, the more specific. Null: no match. */
  readonly match: (question: Question) => Match | null;
}

export interface Match {
  /** Of two rules, the one with more words wins, then the one with more conditions. */
  readonly words: number;
  readonly conditions: number;
  /** Word span of the longest phrase. */
  readonly span: { readonly start: number; readonly end: number } | null;
  /** The status that a status condition matched. */
  readonly status: string | null;
}

export function compileCondition(
  when: Condition,
  addPhrase: (phrase: string) => number,
  compilePattern: CompilePattern,
): CompiledCondition {
  const any = (when.any ?? []).map(addPhrase);
  const all = (when.all ?? []).map(addPhrase);
  const not = (when.not ?? []).map(addPhrase);
  const pattern = when.pattern === undefined ? null : compilePattern(when.pattern);
  const statuses = (when.status ?? []).map(statusTest);
  const replies = (when.replyCode ?? []).map(replyTest);
  const { provider, command, software } = when;
  const plain: readonly ((question: Question) => boolean)[] = [
    ...(provider ? [({ providers }: Question) => provider.some((id) => providers.has(id))] : []),
    ...(when.remoteMta ? [hostTest(when.remoteMta, (question) => question.remoteMta)] : []),
    ...(when.reportingMta ? [hostTest(when.reportingMta, (question) => question.reportingMta)] : []),
    ...(when.recipientDomain ? [hostTest(when.recipientDomain, (question) => question.recipientDomain)] : []),
    ...(software ? [(question: Question) => question.software !== null && software.includes(question.software)] : []),
    ...(command ? [(question: Question) => question.command !== null && command.includes(question.command)] : []),
    ...(replies.length > 0
      ? [({ replyCode }: Question) => replyCode !== null && replies.some((test) => test(replyCode))]
      : []),
    ...(pattern ? [(question: Question) => pattern.test(question.folded())] : []),
  ];
  const conditions = plain.length + (statuses.length > 0 ? 1 : 0);

  return {
    triggers: any.length > 0 ? any : all.slice(0, 1),
    match(question) {
      const { spans } = question.hits;
      for (const phrase of all) if (!spans.has(phrase)) return null;
      for (const phrase of not) if (spans.has(phrase)) return null;
      let best: Span | null = null;
      for (const phrase of any) best = longer(best, spans.get(phrase));
      if (any.length > 0 && best === null) return null;
      let status: string | null = null;
      if (statuses.length > 0) {
        const found = question.statuses.find((one) => statuses.some((test) => test(one)));
        if (!found) return null;
        status = found.text;
      }
      for (const test of plain) if (!test(question)) return null;
      let words = best?.words ?? 0;
      for (const phrase of all) {
        const span = spans.get(phrase);
        words += span?.words ?? 0;
        best = longer(best, span);
      }
      return { words, conditions, span: best, status };
    },
  };
}

type Span = PhraseHits["spans"] extends ReadonlyMap<number, infer S> ? S : never;

function longer(one: Span | null, other: Span | undefined): Span | null {
  return other !== undefined && (one === null || other.words > one.words) ? other : one;
}

/** `mail.protection.outlook.com` matches itself and every name below it. */
function hostTest(suffixes: readonly string[], hostOf: (question: Question) => string | null) {
  return (question: Question): boolean => {
    const host = hostOf(question);
    return host !== null && suffixes.some((suffix) => isUnder(host, suffix));
  };
}

export function isUnder(host: string, suffix: string): boolean {
  const name = suffix.startsWith(".") ? suffix.slice(1) : suffix;
  return host === name || (host.endsWith(name) && host[host.length - name.length - 1] === ".");
}

function statusTest(pattern: string): (status: Status) => boolean {
  const [statusClass = "x", subject = "x", detail = "x"] = pattern.split(".");
  const [from = "", to = from] = detail.split("-");
  const [wantedClass, wantedSubject, first, last] = [statusClass, subject, from, to].map((part) =>
    part === "x" ? null : Number(part),
  ) as [number | null, number | null, number | null, number | null];
  return (status) =>
    (wantedClass === null || status.class === wantedClass) &&
    (wantedSubject === null || status.subject === wantedSubject) &&
    (first === null || last === null || (status.detail >= first && status.detail <= last));
}

function replyTest(pattern: string): (replyCode: number) => boolean {
  if (pattern.endsWith("xx")) return (replyCode) => Math.floor(replyCode / 100) === Number(pattern[0]);
  const [from = "", to = from] = pattern.split("-");
  return (replyCode) => replyCode >= Number(from) && replyCode <= Number(to);
}
