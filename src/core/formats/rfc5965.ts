/**
 * Complaints in the Abuse Reporting Format, RFC 5965, with its extensions: authentication failures (RFC 6591),
 * SPF (RFC 6652), DKIM (RFC 6651), not-spam and opt-out types (RFC 6430, RFC 5965 section 7.3).
 *
 * The recipient is who complained: `Original-Rcpt-To`, else what the feedback loop left in the returned message.
 */
import { parseAddressList, parseTypedAddress } from "../fields/address.ts";
import { isAddress } from "../../addresses/is-address.ts";
import { decodeText, latin1 } from "../fields/charset.ts";
import { parseDate } from "../fields/date.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import { fieldOf, fieldsOf, readFieldBlocks, type FieldBlock } from "../fields/field-block.ts";
import { parseMta } from "../fields/remote-mta.ts";
import type { Mail, MailPart } from "../mime/mail.ts";
import { findOriginal, messageIdIn } from "../report/original.ts";
import type { Feedback, OriginalMessage, RecipientReport } from "../report/report.ts";
import { blankRecipient, blankReport } from "../report/blank-recipient.ts";
import { feedbackKind } from "./complaints/feedback-kind.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";
import { softwareOf } from "../report/software.ts";

const REGISTERED: ReadonlySet<string> = new Set([
  "feedback-type",
  "user-agent",
  "version",
  "source-ip",
  "arrival-date",
  "received-date",
  "reporting-mta",
  "reported-domain",
  "reported-uri",
  "incidents",
  "original-envelope-id",
  "original-mail-from",
  "original-rcpt-to",
  "authentication-results",
  "auth-failure",
  "delivery-result",
]);
const RELABELLED = /^(?:application\/octet-stream|text\/plain|message\/)/;
const FIRST_FIELDS =
  /^\s*(?:(?:User-Agent|Version|Abuse-Type|Arrival-Date|Received-Date|Source-IP)[ \t]*:[^\n]*\n\s*){0,6}Feedback-Type[ \t]*:/i;
const MAX_EXTENSIONS = 60;

export const rfc5965: Format = {
  id: "rfc5965",
  read(mail) {
    const block = feedbackBlock(mail);
    if (block === null) return notMine;
    const original = withMessageId(findOriginal(mail), fieldOf(block, "original-message-id", "message-id"));
    const feedback = readFeedback(block);
    return {
      kind: "report",
      report: {
        ...blankReport,
        kind: feedbackKind(feedback.type),
        recipients: complainants(feedback, block, original),
        reportingMta: feedback.reportingMta,
        envelopeId: feedback.originalEnvelopeId,
        arrivalDate: feedback.arrivalDate,
        software: softwareOf(mail, block) ?? feedback.userAgent,
        feedback,
        original,
      },
      warnings: [],
    };
  },
};

const isFeedbackPart = (part: MailPart): boolean =>
  part.contentType === "message/feedback-report" ||
  (RELABELLED.test(part.contentType) && FIRST_FIELDS.test(latin1(part.content, 600)));

/** The part, or the same fields at the head of the text, where a gateway relabelled the part. */
function feedbackBlock(mail: Mail): FieldBlock | null {
  const part = mail.parts.find(isFeedbackPart);
  if (part) return readFieldBlocks(decodeText(part.content, part.charset)).flat();
  const at = mail.text.search(/^(?:Feedback-Type|User-Agent):/im);
  if (at < 0) return null;
  const block = readFieldBlocks(mail.text.slice(at, at + 8_000))[0] ?? [];
  const needed = ["feedback-type", "user-agent", "version"];
  return needed.every((name) => fieldOf(block, name) !== null) ? block : null;
}

function readFeedback(block: FieldBlock): Feedback {
  const of = (...names: readonly string[]): string | null => {
    const value = fieldOf(block, ...names);
    return value === null ? null : decodeHeader(value);
  };
  const extensions: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { name, value } of block.slice(0, MAX_EXTENSIONS))
    if (!REGISTERED.has(name) && value !== "" && !(name in extensions)) extensions[name] = decodeHeader(value);
  const incidents = Number.parseInt(of("incidents") ?? "", 10);
  return {
    type: of("feedback-type")?.toLowerCase() ?? null,
    userAgent: of("user-agent"),
    version: of("version"),
    sourceIp: of("source-ip"),
    arrivalDate: parseDate(of("arrival-date", "received-date") ?? ""),
    reportingMta: parseMta(of("reporting-mta") ?? ""),
    reportedDomain: fieldsOf(block, "reported-domain"),
    reportedUri: fieldsOf(block, "reported-uri"),
    incidents: Number.isNaN(incidents) ? null : incidents,
    originalEnvelopeId: of("original-envelope-id"),
    originalMailFrom: parseTypedAddress(of("original-mail-from") ?? ""),
    originalRcptTo: fieldsOf(block, "original-rcpt-to").flatMap((value) => parseTypedAddress(value) ?? []),
    authenticationResults: fieldsOf(block, "authentication-results"),
    authFailure: of("auth-failure"),
    deliveryResult: of("delivery-result"),
    extensions: { ...extensions },
  };
}

/** Headers in which feedback loops leave the complainant. */
const LEFT_IN_ORIGINAL = ["x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "x-apparently-to", "x-rcpt-to"];
/** AOL's and others' stand-ins: no mailbox. */
const isRedacted = (address: string): boolean => /^(?:redacted|undisclosed|\*+|x+)(?:@|$)/i.test(address);

/** An address that somebody can have, and no stand-in for one. */
export const isMailbox = (address: string): boolean => isAddress(address) && !isRedacted(address);

function complainants(
  feedback: Feedback,
  block: FieldBlock,
  original: OriginalMessage | null,
): readonly RecipientReport[] {
  const named = [...feedback.originalRcptTo, ...fieldsOf(block, "removal-recipient")].flatMap(
    (value) => parseTypedAddress(value) ?? [],
  );
  const addresses = named.some(isMailbox) ? named : leftInOriginal(original);
  const unique = new Map(addresses.filter(isMailbox).map((address) => [address.toLowerCase(), address]));
  return [...unique.values()].slice(0, 1_000).map((finalRecipient) => ({ ...blankRecipient, finalRecipient }));
}

export function leftInOriginal(original: OriginalMessage | null): readonly string[] {
  if (original === null) return [];
  for (const name of LEFT_IN_ORIGINAL) {
    const address = parseAddressList(original.headers.get(name) ?? "")[0];
    if (address) return [address];
  }
  return original.to.length === 1 ? original.to : [];
}

function withMessageId(original: OriginalMessage | null, field: string | null): OriginalMessage | null {
  const messageId = messageIdIn(field);
  return original && original.messageId === null && messageId !== null ? { ...original, messageId } : original;
}
