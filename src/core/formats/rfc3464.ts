/**
 * Delivery status notifications, RFC 3464, internationalised ones, RFC 6533, inside multipart/report, RFC 6522.
 *
 * Read wherever the fields stand: the type of the part is often wrong or rewritten on the way, and some servers
 * send several such parts. The human part only completes what a group leaves out.
 */
import { decodeXtext, parseTypedAddress } from "../fields/address.ts";
import { decodeText, latin1 } from "../fields/charset.ts";
import { parseDate } from "../fields/date.ts";
import { parseDiagnosticCode, toOneLine } from "../fields/diagnostic-code.ts";
import { parseEnhancedStatus } from "../fields/enhanced-status.ts";
import { fieldOf, fieldsOf, type FieldBlock } from "../fields/field-block.ts";
import { parseMta } from "../fields/remote-mta.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import { findSmtpCommand } from "../fields/smtp-command.ts";
import { headerOf, type Mail, type MailPart } from "../mail.ts";
import { capRecipients } from "../merge-recipients.ts";
import { findOriginal } from "../original.ts";
import { readListed } from "../notice/listed.ts";
import { readNotice } from "../notice/notice.ts";
import { readTied } from "../notice/tied-addresses.ts";
import { isAction, type Action, type DiagnosticCode, type RecipientReport, type Warning } from "../report.ts";
import { hasReportSubject, isFromDaemon, looksLikeReport } from "./answer.ts";
import { blankRecipient } from "./blank-recipient.ts";
import { isChallengeReply } from "./challenge.ts";
import { readDeliveryStatus, type DeliveryStatus } from "./delivery-status.ts";
import { notMine, type Format } from "./format.ts";
import { readHumanText, sayingOf, type HumanText } from "./human-text.ts";
import { softwareOf } from "./software.ts";

const TYPES: ReadonlySet<string> = new Set([
  "message/delivery-status",
  "message/global-delivery-status",
  "message/xdelivery-status",
  "text/delivery-status",
]);
const RELABELLED =
  /^(?:text\/plain|application\/octet-stream|application\/x-delivery-status|message\/|text\/rfc822-headers)/;
const FIRST_FIELD =
  /^\s*(?:Reporting-MTA|Final-Recipient|Original-Recipient|Original-Envelope-Id|Arrival-Date|Received-From-MTA)[ \t]*:/i;

export const rfc3464: Format = {
  id: "rfc3464",
  read(mail) {
    const warnings: Warning[] = [];
    const statuses = readStatuses(mail);
    if (statuses.length === 0) return notMine;
    const perMessage = statuses.flatMap((status) => status.perMessage);
    const all = statuses.flatMap((status: DeliveryStatus) => status.groups);
    const groups = capRecipients(all, warnings);
    const context = { mail, human: readHumanText(mail.text), alone: groups.length === 1, warnings };
    const recipients =
      groups.length === 0 ? successesIn(mail.text) : groups.flatMap((group) => readGroup(group, context));
    if (recipients.length === 0) return notMine;
    const isChallenge = recipients.every(({ diagnostic }) => diagnostic && isChallengeReply(diagnostic));
    return {
      kind: "report",
      report: {
        kind: isChallenge ? "challenge" : "delivery",
        recipients,
        reportingMta: parseMta(fieldOf(perMessage, "reporting-mta") ?? ""),
        receivedFromMta: parseMta(fieldOf(perMessage, "received-from-mta") ?? ""),
        envelopeId: envelopeIdOf(perMessage),
        arrivalDate: parseDate(fieldOf(perMessage, "arrival-date") ?? ""),
        software: softwareOf(mail, perMessage),
        feedback: null,
        original: findOriginal(mail),
      },
      warnings,
    };
  },
};

/** The parts; else the same fields in the text of a mail that looks like a report (gateways flatten reports). */
function readStatuses(mail: Mail): readonly DeliveryStatus[] {
  const statuses = mail.parts.filter(isStatusPart).flatMap(({ content, charset }) => {
    const status = readDeliveryStatus(decodeText(content, charset));
    return status ? [status] : [];
  });
  if (statuses.length > 0) return statuses;
  const inline = inlineFields(mail.text);
  if (inline === null || !(isFromDaemon(mail) || hasReportSubject(mail) || looksLikeReport(mail))) return [];
  const status = readDeliveryStatus(inline);
  return status && status.groups.length > 0 ? [status] : [];
}

const INLINE_START =
  /^(?:Reporting-MTA|Original-Envelope-Id|Arrival-Date|Final-Recipient|Original-Recipient|Action)[ \t]*:/im;
const INLINE_END =
  /^(?:--\S|(?:Return-Path|Received|From|To|Subject|Message-ID|MIME-Version|Content-Type|DKIM-Signature):|[-=_*]{5,})/im;

/** From the first delivery-status field to what follows the report: a boundary, a rule, the returned header. */
function inlineFields(text: string): string | null {
  if (!/^Final-Recipient[ \t]*:/im.test(text)) return null;
  const fields = text.slice(text.search(INLINE_START));
  const end = fields.search(INLINE_END);
  return end < 0 ? fields : fields.slice(0, end);
}

const SUCCESSES: readonly (readonly [RegExp, Action])[] = [
  [/^<([^<>\s]{3,320})>\.\.\. expanded to multiple addresses/gim, "expanded"],
  [/^<([^<>\s]{3,320})>\.\.\. (?:relayed; expect no further|relayed to non-DSN-aware)/gim, "relayed"],
  [/^<([^<>\s]{3,320})>\.\.\. Successfully delivered/gim, "delivered"],
];

/** Sendmail reports an expanded alias without a recipient group; its transcript names it. */
function successesIn(text: string): readonly RecipientReport[] {
  return SUCCESSES.flatMap(([pattern, action]) =>
    [...text.matchAll(pattern)].flatMap(([, address = ""]) => {
      const finalRecipient = parseTypedAddress(address);
      return finalRecipient === null ? [] : [{ ...blankRecipient, finalRecipient, action }];
    }),
  );
}

export function isStatusPart(part: MailPart): boolean {
  if (TYPES.has(part.contentType)) return true;
  // Receipts begin with the same fields.
  if (part.contentType.endsWith("disposition-notification")) return false;
  return RELABELLED.test(part.contentType) && FIRST_FIELD.test(latin1(part.content.subarray(0, 400)));
}

/** RFC 3464 section 2.2.1: xtext of the ESMTP parameter is decoded in the field, but not every server does. */
function envelopeIdOf(perMessage: FieldBlock): string | null {
  const value = fieldOf(perMessage, "original-envelope-id");
  return value === null ? null : decodeXtext(value);
}

interface Context {
  readonly mail: Mail;
  readonly human: HumanText;
  readonly alone: boolean;
  readonly warnings: Warning[];
}

function readGroup(group: FieldBlock, context: Context): readonly RecipientReport[] {
  const { warnings } = context;
  const named = fieldOf(group, "final-recipient", "x-actual-recipient", "x-failed-recipient");
  const finalRecipient = named === null ? null : parseTypedAddress(named);
  const originalRecipient =
    parseTypedAddress(fieldOf(group, "original-recipient") ?? "") ?? namedElsewhere(finalRecipient, context);
  const address = finalRecipient ?? originalRecipient;
  const action = readAction(group, warnings);
  const statusField = fieldOf(group, "status");
  const status = statusField === null ? null : parseEnhancedStatus(statusField);
  if (statusField !== null && status === null) warnings.push(badField("Status", statusField));
  if (address === null && action === null && status === null) return [];
  if (address === null) warnings.push({ code: "missing-field", field: "Final-Recipient" });
  const saying = address === null ? null : sayingOf(context.human, address, context.alone);
  const diagnostic = readDiagnostic(group) ?? asDiagnostic(saying?.reply() ?? null);
  return [
    {
      finalRecipient,
      originalRecipient,
      action,
      status,
      replyCode: diagnostic === null ? null : findReplyCode(diagnostic.text),
      diagnostic,
      smtpCommand: (diagnostic && findSmtpCommand(diagnostic.text)) ?? saying?.smtpCommand() ?? null,
      remoteMta: parseMta(fieldOf(group, "remote-mta") ?? "") ?? saying?.remoteMta() ?? null,
      lastAttemptDate: readDate(group, "last-attempt-date", warnings),
      willRetryUntil: readDate(group, "will-retry-until", warnings),
    },
  ];
}

/** A group that names nobody, in a report whose header or words name one. */
function namedElsewhere(finalRecipient: string | null, { mail, alone }: Context): string | null {
  if (finalRecipient !== null || !alone) return null;
  const header = headerOf(mail, "x-failed-recipients");
  if (header !== null) return header.includes(",") ? null : parseTypedAddress(header);
  const notice = readNotice(mail);
  const listed = readListed(notice).blocks;
  const named = listed.length > 0 ? listed : readTied(notice);
  return named.length === 1 ? named[0]!.address : null;
}

const asDiagnostic = (text: string | null): DiagnosticCode | null =>
  text === null ? null : { type: /^[245]\d\d[\s-]/.test(text) ? "smtp" : "unknown", text: toOneLine(text) };

/** The last `smtp` one where a group repeats the field: the remote server's word counts more than our own queue's. */
function readDiagnostic(group: FieldBlock): DiagnosticCode | null {
  const all = fieldsOf(group, "diagnostic-code").flatMap((value) => parseDiagnosticCode(value) ?? []);
  return all.findLast((code) => code.type === "smtp") ?? all.at(-1) ?? null;
}

/** Case-insensitive, trailing comment allowed: `Failed (permanently)`. Never guessed. */
function readAction(group: FieldBlock, warnings: Warning[]): Action | null {
  const value = fieldOf(group, "action");
  if (value === null) return null;
  const word = value.toLowerCase().split(/[\s(;,]/, 1)[0] ?? "";
  if (isAction(word)) return word;
  // Spellings of real servers.
  if (word === "failure" || word === "fail" || word === "undeliverable") return "failed";
  if (word === "deliverable" || word === "success") return "delivered";
  if (word === "delay" || word === "deferred") return "delayed";
  warnings.push(badField("Action", value));
  return null;
}

function readDate(group: FieldBlock, name: string, warnings: Warning[]): string | null {
  const value = fieldOf(group, name);
  if (value === null) return null;
  const date = parseDate(value);
  if (date === null) warnings.push(badField(name, value));
  return date;
}

const badField = (field: string, value: string): Warning => ({ code: "bad-field", field, value: value.slice(0, 200) });
