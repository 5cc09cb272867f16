/** Refusal text -> facts: the innermost reply is read, and the codes beside it say what vague words mean. */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import { clausesOf, PAUSE, STOP } from "./clauses.ts";
import { factOf, readFacts, type Fact } from "./facts.ts";
import { commandIn, quotedReplies, type QuotedReply } from "./innermost.ts";
import type { Lexicon } from "./lexicon.ts";
import { serverWords } from "./server-words.ts";
import type { Refusal } from "../verdict.ts";

export interface ReplyCodes {
  readonly replyCode: number | null;
  readonly statuses: readonly string[];
}

export interface SaidFacts {
  /** The words that were read, for quoting them. */
  readonly clauses: readonly string[];
  readonly facts: readonly Fact[];
}

interface Reply extends SaidFacts {
  readonly introduction: readonly string[];
  readonly introduced: readonly Fact[];
}

/** The innermost reply that says something decides; where it says nothing firm, what was said around it suggests something. */
export function readSaid({ text, smtpCommand }: Refusal, codes: ReplyCodes, lexicon: Lexicon): SaidFacts {
  if (text === null) return { clauses: [], facts: [] };
  const command = smtpCommand ?? commandIn(text);
  const ours = codes.statuses.some((status) => /\.1\.[78]$/.test(status)) || codes.replyCode === 517;
  const read = ({ said, before }: QuotedReply): Reply => {
    const introduction = before === "" ? [] : clausesOf(serverWords(before));
    const introduced = before === "" ? [] : readFacts(introduction, lexicon, "recipient");
    const side = ours || command === "MAIL" || introduced.some(isAboutUs) ? "sender" : "recipient";
    const clauses = clausesOf(said);
    return { introduction, introduced, clauses, facts: withCodes(readFacts(clauses, lexicon, side), clauses, codes) };
  };
  const [innermost, ...others] = quotedReplies(plainText(text));
  if (!innermost) return { clauses: [], facts: [] };
  let reply = read(innermost);
  for (const other of others) {
    if (says(reply)) break;
    const outer = read(other);
    if (says(outer)) reply = outer;
  }
  const { introduction, introduced, clauses, facts } = reply;
  if (introduction.length === 0) return { clauses, facts };
  const decided = says(reply);
  const around = introduced
    .filter(({ predicate }) => predicate === "expired" || !decided)
    .map((fact) => shiftedBy(clauses.length, fact.predicate === "expired" ? fact : asHint(fact)));
  return { clauses: [...clauses, STOP, ...introduction], facts: [...facts, ...around] };
}

const says = ({ facts }: SaidFacts): boolean => facts.some(({ hint }) => !hint);

/** Logs in JSON write `\u7528` for letters that are not ASCII, and name what they hold. */
function plainText(text: string): string {
  const plain = text.includes("\\u")
    ? text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    : text;
  return /^\s*[{[]/.test(plain) ? plain.replaceAll(/"[A-Za-z_]{1,40}": ?(?:null,?)?/g, "") : plain;
}

/** `Sender address rejected: unverified address: host mx.example said: …`: what is quoted is about our address. */
const isAboutUs = ({ subject, hint }: Fact): boolean => !hint && (subject === "sender" || subject === "callout");

const LAST = 1000;

/** Said elsewhere, and after all else. */
const shiftedBy = (words: number, fact: Fact): Fact => ({
  ...fact,
  sentence: LAST,
  start: fact.start + words + 1,
  end: fact.end + words + 1,
});

/** What those who quote a reply say of it themselves only suggests something. */
const asHint = (fact: Fact): Fact => ({ ...fact, hint: true, cell: { ...fact.cell, weight: "vague" } });

/** What codes add to the words: `501 invalid address` is about its syntax, `451 refused, try later` greylists. */
function withCodes(
  facts: readonly Fact[],
  words: readonly string[],
  { replyCode, statuses }: ReplyCodes,
): readonly Fact[] {
  const has = (detail: string): boolean => statuses.some((status) => status.includes(detail));
  const malformed = has(".1.3") || (replyCode === 501 && !has(".1.1"));
  const said = (name: Predicate): boolean => facts.some(({ predicate }) => predicate === name);
  const later = replyCode !== null && replyCode < 500 && said("later");
  const permanent = replyCode !== null && replyCode >= 500;
  const login = replyCode === 535 || replyCode === 534 || replyCode === 530;
  const syntax = replyCode !== null && replyCode >= 500 && replyCode <= 504;
  const system = has(".3.") || has(".4.");
  const bare = isBareRefusal(facts, words, { replyCode, statuses });
  // `451 recipient check fails now`: the server has a fault, whoever is named.
  const isFault = (fact: Fact): boolean =>
    replyCode === 451 && fact.hint && fact.predicate === "refused" && isMailbox(fact.subject);
  return facts
    .filter((fact) => !isFault(fact))
    .map((fact) => {
      const { predicate, subject, hint } = fact;
      if (bare) return factOf(fact, "unavailable", subject);
      if (predicate === "invalid" && malformed && subject !== "domain") return factOf(fact, "malformed", subject);
      if (predicate === "no_reverse_dns" && syntax) return factOf(fact, "out_of_order", "command");
      if (predicate === "invalid" && subject === "domain" && (replyCode === 501 || has(".5.")))
        return factOf(fact, "out_of_order", "command");
      if (
        (predicate === "insecure" && (replyCode === 503 || has(".5.1"))) ||
        (predicate === "against_policy" && syntax)
      )
        return factOf(fact, "out_of_order", "command");
      if (predicate === "malformed" && isMailbox(subject) && replyCode !== null && !permanent)
        return factOf(fact, "program_failed", subject);
      if (replyCode === 451 && isMailbox(subject) && (predicate === "unavailable" || predicate === "unverified"))
        return factOf(fact, "program_failed", subject);
      if (replyCode === 421 && isMailbox(subject) && predicate === "unknown") return factOf(fact, "too_many", subject);
      if (has(".7.25") && (subject === "host" || subject === "domain")) return factOf(fact, "no_reverse_dns", "client");
      if (predicate === "takes_no_mail" && (replyCode === 521 || replyCode === 556))
        return factOf(fact, "takes_no_mail", "domain");
      if (fact.unsure && subject === "group" && predicate === "unknown") return factOf(fact, "restricted", subject);
      if (predicate === "unknown" && isMailbox(subject) && has(".1.6")) return factOf(fact, "moved", subject);
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

const FEW = 7;
const REJECTED = /^(?:reject|accept|akzept|valid)/;
const BY = new Set(["by", "von", "durch", "par", "por"]);

/**
 * `550 <jo@shop.example>: Recipient address rejected.` and not a word more: it is the recipient that is wrong.
 * `Denied` and `not allowed` speak of permission, `rejected by the user` of somebody who is there.
 */
function isBareRefusal(facts: readonly Fact[], words: readonly string[], { replyCode, statuses }: ReplyCodes): boolean {
  const spoken = words.filter((word) => word !== STOP && word !== PAUSE);
  return (
    (replyCode === null || replyCode === 550 || replyCode === 553 || replyCode === 554) &&
    !statuses.some((status) => /^4|\.[467]\.[1-9]/.test(status)) &&
    facts.some(({ hint }) => !hint) &&
    facts.every(
      ({ subject, predicate, passing, unsure }) => predicate === "refused" && isMailbox(subject) && !passing && !unsure,
    ) &&
    spoken.length <= FEW &&
    spoken.some((word) => REJECTED.test(word)) &&
    !spoken.some((word) => BY.has(word))
  );
}

const isMailbox = (subject: Subject | null): boolean => subject === "recipient" || subject === "address";
