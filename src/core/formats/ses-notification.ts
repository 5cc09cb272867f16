/**
 * Amazon SES feedback that SNS delivers by mail: JSON in the text, alone or as the string `Message` of an SNS
 * envelope. Field names: Amazon SES developer guide, "Amazon SNS notification contents".
 */
import { z } from "zod";
import { parseAddress } from "../fields/address.ts";
import { parseDate } from "../fields/date.ts";
import { parseDiagnosticCode } from "../fields/diagnostic-code.ts";
import { parseEnhancedStatus } from "../fields/enhanced-status.ts";
import { parseMta } from "../fields/remote-mta.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import type { Mail } from "../mime/mail.ts";
import { readOriginal } from "../report/original.ts";
import { type RecipientReport, type Report } from "../report/report.ts";
import { isAction, type Action } from "../../event/smtp.ts";
import { feedbackKind } from "./complaints/feedback-kind.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

const MAX_JSON = 300_000;
const text = z.string().optional();
const person = z.object({ emailAddress: z.string(), action: text, status: text, diagnosticCode: text });
const notification = z.object({
  notificationType: text,
  eventType: text,
  bounce: z
    .object({ bouncedRecipients: z.array(person), reportingMTA: text, timestamp: text, remoteMtaIp: text })
    .optional(),
  complaint: z
    .object({
      complainedRecipients: z.array(z.object({ emailAddress: z.string() })),
      complaintFeedbackType: text,
      userAgent: text,
      arrivalDate: text,
    })
    .optional(),
  delivery: z
    .object({
      recipients: z.array(z.string()),
      smtpResponse: text,
      reportingMTA: text,
      timestamp: text,
      remoteMtaIp: text,
    })
    .optional(),
  deliveryDelay: z
    .object({ delayedRecipients: z.array(person), expirationTime: text, reportingMTA: text, timestamp: text })
    .optional(),
  mail: z
    .object({
      messageId: text,
      source: text,
      timestamp: text,
      destination: z.array(z.string()).optional(),
      headers: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
      commonHeaders: z.looseObject({ subject: text, messageId: text, date: text }).optional(),
    })
    .optional(),
});
type Notification = z.infer<typeof notification>;

export const sesNotification: Format = {
  id: "ses-notification",
  read(mail) {
    const found = readNotification(mail);
    if (!found) return notMine;
    const report = reportOf(found);
    return report ? { kind: "report", report, warnings: [] } : notMine;
  },
};

function readNotification(mail: Mail): Notification | null {
  const start = mail.text.slice(0, 2_000).search(/\{\s*"/);
  if (start < 0 || !/notificationType|eventType/.test(mail.text.slice(0, MAX_JSON))) return null;
  // Behind the JSON, SNS writes how to unsubscribe. Some relays fold the long line at column 998.
  const end = mail.text.lastIndexOf("}", MAX_JSON);
  const outer = parseJson(mail.text.slice(start, end + 1).replaceAll(/\n ?/g, ""));
  const inner = typeof outer === "object" && outer !== null && "Message" in outer ? parseJson(outer.Message) : outer;
  const parsed = notification.safeParse(inner);
  return parsed.success ? parsed.data : null;
}

function parseJson(value: unknown): unknown {
  if (typeof value !== "string") return null;
  try {
    return JSON.parse(value);
  } catch {
    // Cut on the way: unreadable, so not ours.
    return null;
  }
}

type Person = z.infer<typeof person>;

function recipientOf(one: Person, action: Action, date: string | undefined, remoteMta: string | null): RecipientReport {
  const diagnostic = parseDiagnosticCode(one.diagnosticCode ?? "");
  const said = one.action?.toLowerCase() ?? "";
  return {
    finalRecipient: parseAddress(one.emailAddress),
    originalRecipient: null,
    action: isAction(said) ? said : action,
    status: parseEnhancedStatus(one.status ?? ""),
    replyCode: diagnostic ? findReplyCode(diagnostic.text) : null,
    diagnostic,
    smtpCommand: null,
    remoteMta,
    lastAttemptDate: parseDate(date ?? ""),
    willRetryUntil: null,
  };
}

function reportOf({ bounce, complaint, delivery, deliveryDelay, mail }: Notification): Report | null {
  const report: Report = {
    kind: "delivery",
    recipients: [],
    reportingMta: parseMta(bounce?.reportingMTA ?? delivery?.reportingMTA ?? deliveryDelay?.reportingMTA ?? ""),
    receivedFromMta: null,
    envelopeId: mail?.messageId ?? null,
    arrivalDate: parseDate(mail?.timestamp ?? ""),
    software: "amazon-ses",
    feedback: null,
    original: originalOf(mail),
  };
  const plainly = (emailAddress: string): Person => ({ emailAddress });
  if (bounce) {
    const of = (one: Person): RecipientReport =>
      recipientOf(one, "failed", bounce.timestamp, bounce.remoteMtaIp ?? null);
    return { ...report, recipients: bounce.bouncedRecipients.map(of) };
  }
  if (complaint) {
    const of = ({ emailAddress }: { emailAddress: string }): RecipientReport => ({
      ...recipientOf({ emailAddress }, "failed", undefined, null),
      action: null,
    });
    return {
      ...report,
      kind: feedbackKind(complaint.complaintFeedbackType ?? null),
      recipients: complaint.complainedRecipients.map(of),
      feedback: {
        type: complaint.complaintFeedbackType ?? null,
        userAgent: complaint.userAgent ?? null,
        version: null,
        sourceIp: null,
        arrivalDate: parseDate(complaint.arrivalDate ?? ""),
        reportingMta: null,
        reportedDomain: [],
        reportedUri: [],
        incidents: null,
        originalEnvelopeId: mail?.messageId ?? null,
        originalMailFrom: mail?.source ?? null,
        originalRcptTo: complaint.complainedRecipients.map(({ emailAddress }) => emailAddress),
        authenticationResults: [],
        authFailure: null,
        deliveryResult: null,
        extensions: {},
      },
    };
  }
  if (delivery) {
    const response = delivery.smtpResponse ?? "";
    const of = (address: string): RecipientReport => ({
      ...recipientOf(
        { ...plainly(address), diagnosticCode: response },
        "delivered",
        delivery.timestamp,
        delivery.remoteMtaIp ?? null,
      ),
      status: parseEnhancedStatus(response.replace(/^\d{3}[ -]/, "")),
    });
    return { ...report, recipients: delivery.recipients.map(of) };
  }
  if (!deliveryDelay) return null;
  const of = (one: Person): RecipientReport => ({
    ...recipientOf(one, "delayed", deliveryDelay.timestamp, null),
    willRetryUntil: parseDate(deliveryDelay.expirationTime ?? ""),
  });
  return { ...report, recipients: deliveryDelay.delayedRecipients.map(of) };
}

function originalOf(mail: Notification["mail"]): Report["original"] {
  const octets = (value: string): string => Buffer.from(value, "utf8").toString("latin1");
  const named = (mail?.headers ?? []).map(({ name, value }) => ({ name: name.toLowerCase(), value: octets(value) }));
  const common = Object.entries(mail?.commonHeaders ?? {}).flatMap(([key, value]) => {
    const name = { messageId: "message-id", returnPath: "return-path" }[key] ?? key.toLowerCase();
    const words = Array.isArray(value) ? value.join(", ") : value;
    return typeof words === "string" ? [{ name, value: octets(words) }] : [];
  });
  const destination = mail?.destination?.length ? [{ name: "to", value: mail.destination.join(", ") }] : [];
  return readOriginal([...named, ...common, ...destination]);
}
