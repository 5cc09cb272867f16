/** Where the delivery-status fields of a report stand: in parts of the right or of a wrong type, or in the text. */
import { hasReversePath } from "../../mime/sender.ts";
import { parseTypedAddress } from "../../fields/address.ts";
import { decodeText, latin1 } from "../../fields/charset.ts";
import type { Mail, MailPart } from "../../mime/mail.ts";
import type { RecipientReport } from "../../report/report.ts";
import type { Action } from "../../../event/smtp.ts";
import { hasReportSubject, looksLikeReport } from "../answers/answer.ts";
import { isFromDaemon } from "../../mime/sender.ts";
import { blankRecipient } from "../../report/blank-recipient.ts";
import { readDeliveryStatus, type DeliveryStatus } from "./delivery-status.ts";

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

/** The parts; else the same fields in the text of a mail that looks like a report (gateways flatten reports). */
export function readStatuses(mail: Mail, text: string): readonly DeliveryStatus[] {
  const parts = mail.parts.filter(isStatusPart);
  // A person's attachment may be anything, also a report kept as `report.txt`.
  const isOwn = (part: MailPart): boolean => part.fileName === null || isTyped(part);
  const own = parts.every(isOwn) || isMarked(mail) ? parts : parts.filter(isOwn);
  const statuses = own.flatMap(({ content, charset }) => {
    const status = readDeliveryStatus(decodeText(content, charset));
    return status ? [status] : [];
  });
  if (statuses.length > 0) return statuses;
  const inline = inlineFields(text);
  if (inline === null || !isMarked(mail)) return [];
  const status = readDeliveryStatus(inline);
  return status && status.groups.length > 0 ? [status] : [];
}

/** Trackers and people write about reports under the title of one, but they take answers. */
const isMarked = (mail: Mail): boolean =>
  looksLikeReport(mail) || isFromDaemon(mail) || (!hasReversePath(mail) && hasReportSubject(mail));

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
export function successesIn(text: string): readonly RecipientReport[] {
  return SUCCESSES.flatMap(([pattern, action]) =>
    [...text.matchAll(pattern)].flatMap(([, address = ""]) => {
      const finalRecipient = parseTypedAddress(address);
      return finalRecipient === null ? [] : [{ ...blankRecipient, finalRecipient, action }];
    }),
  );
}

const isTyped = ({ contentType }: MailPart): boolean => TYPES.has(contentType);

export function isStatusPart(part: MailPart): boolean {
  if (isTyped(part)) return true;
  // Receipts begin with the same fields.
  if (part.contentType.endsWith("disposition-notification")) return false;
  return RELABELLED.test(part.contentType) && FIRST_FIELD.test(latin1(part.content, 400));
}
