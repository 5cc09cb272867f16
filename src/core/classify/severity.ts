/** When a reason that may delete an address really does: a table, read from the top. `bounced rules explain` prints it. */
import type { Severity } from "../../event/event.ts";
import { isAtLeast, type Candidate } from "./candidates.ts";
import type { Decision } from "./decide.ts";
import { REASON_TABLE } from "../../event/reasons.ts";
import type { Refusal } from "./verdict.ts";

interface Case {
  readonly decision: Decision;
  readonly deciding: Candidate | null;
  readonly refusal: Refusal;
  /** 4xx: the refusal is of the kind that may pass. */
  readonly temporary: boolean;
  /** 5xx. */
  readonly permanent: boolean;
}

export interface HardCondition {
  /** Completes "hard only if". */
  readonly onlyIf: string;
  readonly isBroken: (one: Case) => boolean;
  /** What it costs in confidence. */
  readonly factor: number;
}

/** Reasons that name the recipient's identity: a server that says so with 4xx is cautious, not undecided. */
const IDENTITY = new Set(["mailbox_unknown", "address_moved", "owner_changed", "address_syntax"]);

export const HARD_ONLY_IF: readonly HardCondition[] = [
  {
    onlyIf: "the evidence is more than the model's prediction or a reply code",
    isBroken: ({ deciding }) => deciding === null || ["model", "reply_code"].includes(deciding.source),
    factor: 1,
  },
  {
    onlyIf: "the text says more than a single word",
    isBroken: ({ deciding }) => deciding?.fact?.hint === true,
    factor: 0.8,
  },
  {
    onlyIf: "the text is about a mailbox or a domain, or a status says the same",
    isBroken: ({ deciding, decision }) =>
      deciding?.fact?.cell.weight === "firm" &&
      !decision.evidence.some(({ source, reason }) => source === "status" && reason === decision.reason),
    factor: 0.9,
  },
  {
    onlyIf: "the server is sure: it does not say `may`, and vague text comes with a 5xx",
    isBroken: ({ deciding, permanent }) =>
      deciding?.fact?.unsure === true || (deciding?.fact?.cell.weight === "vague" && !permanent),
    factor: 0.8,
  },
  {
    onlyIf: "the deciding status is not 5.3.2, which servers use for temporary faults",
    isBroken: ({ deciding }) => deciding?.status?.endsWith(".3.2") === true,
    factor: 1,
  },
  {
    onlyIf: "no reused status contradicts text about the sender, the message or the network",
    isBroken: ({ decision, deciding }) =>
      deciding?.source === "status" &&
      !isAtLeast(deciding, "strong status") &&
      decision.evidence.some((other) => other !== deciding && REASON_TABLE[other.reason].fault !== "recipient"),
    factor: 0.8,
  },
  {
    onlyIf: "a status about a domain does not contradict text about a mailbox",
    isBroken: ({ decision, deciding }) =>
      deciding?.source === "status" &&
      decision.reason === "domain_unknown" &&
      decision.evidence.some(({ fact }) => fact?.subject === "address" || fact?.subject === "recipient"),
    factor: 0.8,
  },
  {
    onlyIf: "a report says that the delivery failed, if the address is said to be malformed",
    isBroken: ({ decision, refusal }) => decision.reason === "address_syntax" && refusal.action !== "failed",
    factor: 0.9,
  },
  {
    onlyIf: "the text does not say that the failure is temporary",
    isBroken: ({ deciding, decision }) =>
      decision.evidence.some(
        ({ fact, reason }) => fact?.passing === true && reason === decision.reason && !fact.hint,
      ) && deciding?.source !== "user_rule",
    factor: 0.9,
  },
  {
    onlyIf: "the reply is 5xx, or a 4xx about the recipient's identity in a failed delivery",
    isBroken: ({ decision, deciding, refusal, temporary }) =>
      temporary && !(refusal.action === "failed" && IDENTITY.has(decision.reason) && deciding?.source !== "status"),
    factor: 0.9,
  },
];

export function severityOf(one: Case): { readonly severity: Severity; readonly factor: number } {
  const { severity } = REASON_TABLE[one.decision.reason];
  if (severity !== "hard") return { severity, factor: 1 };
  const broken = HARD_ONLY_IF.find(({ isBroken }) => isBroken(one));
  if (broken) return { severity: "soft", factor: broken.factor };
  if (one.temporary) return { severity, factor: 0.85 };
  return { severity, factor: one.deciding?.source === "status" ? 0.95 : 1 };
}
