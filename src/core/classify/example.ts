/** A rule's example as the refusal it stands for. */
import { emptyRefusal } from "./classify.ts";
import type { RuleExample } from "./rule.ts";
import type { Refusal } from "./verdict.ts";

export function refusalOf(example: RuleExample): Refusal {
  return {
    ...emptyRefusal,
    text: example.text,
    status: example.status ?? null,
    replyCode: example.replyCode ?? null,
    smtpCommand: example.command ?? null,
    remoteMta: example.remoteMta ?? null,
    reportingMta: example.reportingMta ?? null,
    recipientDomain: example.recipientDomain ?? null,
    software: example.software ?? null,
  };
}
