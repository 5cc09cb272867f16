/** An event as an assistant needs it: our verdict in the open, what strangers wrote in `fromMail`. At most about 3 kB. */
import { z } from "zod";
import { ADVICES, AUTHENTICITIES, EVENT_KINDS, FAULTS, REASONS, SEVERITIES } from "../event/event.ts";
import type { BouncedEvent } from "../event/event.ts";
import { fromMail, quote, quoted } from "./from-mail.ts";

export const eventSummarySchema = z.object({
  id: z.string(),
  receivedAt: z.string().nullable(),
  kind: z.enum(EVENT_KINDS),
  severity: z.enum(SEVERITIES),
  reason: z.enum(REASONS),
  fault: z.enum(FAULTS),
  advice: z.enum(ADVICES),
  confidence: z.number(),
  authenticity: z.enum(AUTHENTICITIES).describe("only proven and likely events change anything"),
  explanation: z.string().describe("by bounced: what happened, what to do"),
  status: z.string().nullable().describe("as read, else derived"),
  replyCode: z.number().nullable(),
  provider: z.string().nullable().describe("who refused"),
  rule: z.string().nullable().describe("rule that decided"),
  fromMail: fromMail({
    recipient: quoted,
    finalRecipient: quoted.describe("who failed, behind a forwarding"),
    diagnostic: quoted,
    sender: quoted,
    subject: quoted,
    messageId: quoted,
    tag: quoted,
    remoteMta: quoted,
    reportingMta: quoted,
  }),
});

export function summaryOf(event: BouncedEvent): z.infer<typeof eventSummarySchema> {
  const { id, kind, severity, reason, fault, advice, confidence, authenticity, recipient, original } = event;
  return {
    id,
    receivedAt: event.message.receivedAt,
    kind,
    severity,
    reason,
    fault,
    advice,
    confidence,
    authenticity,
    explanation: event.explanation,
    status: event.status ?? event.derivedStatus,
    replyCode: event.replyCode,
    provider: event.provider,
    rule: quote(event.evidence[0]?.rule, 100),
    fromMail: {
      recipient: quote(recipient.mailed ?? recipient.address, 320),
      finalRecipient: quote(recipient.address, 320),
      diagnostic: quote(event.diagnostic?.text, 500),
      sender: quote(original.from, 200),
      subject: quote(original.subject, 150),
      messageId: quote(original.messageId, 200),
      tag: quote(event.returnPath?.tag, 100),
      remoteMta: quote(event.remoteMta, 120),
      reportingMta: quote(event.reportingMta, 120),
    },
  };
}
