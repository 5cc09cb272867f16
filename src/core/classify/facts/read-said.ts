/** Refusal text -> facts: the innermost reply is read, and the codes beside it say what vague words mean. */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import { clausesOf } from "./clauses.ts";
import { factOf, readFacts, type Fact } from "./facts.ts";
import { commandIn, innermostReply } from "./innermost.ts";
import type { Lexicon } from "./lexicon.ts";
import { serverWords } from "./server-words.ts";
import type { Refusal } from "../verdict.ts";

export interface ReplyCodes {
  readonly replyCode: number | null;
  readonly statuses: readonly string[];
}

export interface Said {
  /** The words that were read, for quoting them. */
  readonly clauses: readonly string[];
  readonly facts: readonly Fact[];
}

/** The innermost reply decides; where it says nothing firm, all that was said around it is read as well. */
export function readSaid({ text, smtpCommand }: Refusal, codes: ReplyCodes, lexicon: Lexicon): Said {
  if (text === null) return { clauses: [], facts: [] };
  const { said, before } = innermostReply(text.includes("\\u") ? unescaped(text) : text);
  const introduction = before === "" ? [] : clausesOf(serverWords(before));
  const introduced = before === "" ? [] : readFacts(introduction, lexicon, "recipient");
  const command = smtpCommand ?? commandIn(text);
  const ours = codes.statuses.some((status) => status.endsWith(".1.7") || status.endsWith(".1.8"));
  const side = ours || command === "MAIL" || introduced.some(isAboutUs) ? "sender" : "recipient";
  const clauses = clausesOf(said);
  const facts = withCodes(readFacts(clauses, lexicon, side), codes);
  if (before === "") return { clauses, facts };
  if (facts.some(({ cell }) => cell.weight !== "vague")) {
    const gaveUp = introduced.filter(({ predicate }) => predicate === "expired");
    return { clauses: [...clauses, ...introduction], facts: [...facts, ...gaveUp.map(shiftedBy(clauses.length))] };
  }
  const around = clausesOf(serverWords(text).replaceAll(LOG_FIELD, " "));
  const all = withCodes(readFacts(around, lexicon, side), codes);
  // Hosts and addresses that a log names say nothing of a refusal whose own words name somebody.
  return facts.length > 0 && all.every(({ hint }) => hint) ? { clauses, facts } : { clauses: around, facts: all };
}

/** Postfix writes these beside every refusal: `relay=mx.example[192.0.2.1]:25, dsn=5.0.0, status=bounced`. */
const LOG_FIELD = /\b(?:relay|delays?|dsn|status|orig_to)=[^\s,]{0,300}/g;

/** Logs in JSON write `\u7528` for letters that are not ASCII. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));

/** `Sender address rejected: unverified address: host mx.example said: …`: what is quoted is about our address. */
const isAboutUs = ({ subject, predicate }: Fact): boolean =>
  (subject === "sender" || subject === "callout") && (predicate === "unverified" || predicate === "refused");

const LAST = 1000;

/** Said elsewhere, and after all else. */
const shiftedBy =
  (words: number) =>
  (fact: Fact): Fact => ({ ...fact, sentence: LAST, start: fact.start + words, end: fact.end + words });

/** What codes add to the words: `501 invalid address` is about its syntax, `451 refused, try later` greylists. */
function withCodes(facts: readonly Fact[], { replyCode, statuses }: ReplyCodes): readonly Fact[] {
  const has = (detail: string): boolean => statuses.some((status) => status.includes(detail));
  const malformed = has(".1.3") || (replyCode === 501 && !has(".1.1"));
  const said = (name: Predicate): boolean => facts.some(({ predicate }) => predicate === name);
  const later = replyCode !== null && replyCode < 500 && said("later");
  const permanent = replyCode !== null && replyCode >= 500;
  const login = replyCode === 535 || replyCode === 534 || replyCode === 530;
  const syntax = replyCode !== null && replyCode >= 500 && replyCode <= 504;
  const system = has(".3.") || has(".4.");
  return facts.map((fact) => {
    const { predicate, subject, hint } = fact;
    if (predicate === "invalid" && malformed && subject !== "domain") return factOf(fact, "malformed", subject);
    if (predicate === "no_reverse_dns" && syntax && subject === "client")
      return factOf(fact, "out_of_order", "command");
    if (login && isMailbox(subject) && (predicate === "invalid" || predicate === "unknown"))
      return factOf(fact, "login_failed", "login");
    if (predicate === "unresolvable" && !permanent && said("later")) return factOf(fact, "lookup_failed", subject);
    if (predicate === "later" && system) return factOf(fact, "busy", subject);
    if (predicate !== "refused" && predicate !== "against_policy") return fact;
    if (isMailbox(subject) && statuses.includes("5.1.0") && predicate === "refused" && !hint)
      return factOf(fact, "unknown", subject);
    return later && subject !== "sender" && subject !== "client" ? factOf(fact, "greylisted", subject) : fact;
  });
}

const isMailbox = (subject: Subject | null): boolean => subject === "recipient" || subject === "address";
