/**
 * Message disposition notifications, RFC 8098 (and RFC 6533 section 5): somebody displayed, deleted or filed the
 * message. Sieve `reject` answers in this shape too (RFC 5429 section 2.1.2): that is a refusal and told apart.
 */
import { parseTypedAddress } from "../fields/address.ts";
import { decodeText, latin1 } from "../fields/charset.ts";
import { toOneLine } from "../fields/diagnostic-code.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import { parseEnvelopeId } from "../fields/envelope-id.ts";
import { fieldOf, readFieldBlocks, type FieldBlock } from "../fields/field-block.ts";
import { parseMta } from "../fields/remote-mta.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import { headerOf, type Mail, type MailPart } from "../mime/mail.ts";
import { blankOriginal, findOriginal, messageIdIn } from "../report/original.ts";
import { senderOf } from "../mime/sender.ts";
import { blankRecipient, blankReport } from "../report/blank-recipient.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";
import { softwareOf } from "../report/software.ts";

const TYPES: ReadonlySet<string> = new Set([
  "message/disposition-notification",
  "message/global-disposition-notification",
]);
const DISPOSITION = /^(?:[A-Za-z-]+:[^\n]*\n\s*){0,12}Disposition[ \t]*:/i;

export const rfc8098: Format = {
  id: "rfc8098",
  read(mail) {
    const part = mail.parts.find(isDispositionPart);
    const inText = part ? [] : blockInText(mail.text);
    if (!part && inText.length === 0 && !isClaimed(mail)) return notMine;
    const block = part ? readFieldBlocks(decodeText(part.content, part.charset)).flat() : inText;
    const finalRecipient = parseTypedAddress(fieldOf(block, "final-recipient") ?? "");
    const originalRecipient = parseTypedAddress(fieldOf(block, "original-recipient") ?? "");
    const refusal = isRefusal(mail, block) ? refusalText(mail.text) : null;
    const original = findOriginal(mail);
    const messageId = messageIdIn(fieldOf(block, "original-message-id")) ?? original?.messageId ?? null;
    const recipient = {
      ...blankRecipient,
      finalRecipient: finalRecipient ?? (originalRecipient === null ? senderOf(mail) : null),
      originalRecipient,
    };
    return {
      kind: "report",
      report: {
        ...blankReport,
        kind: refusal === null ? "disposition" : "delivery",
        recipients: [
          refusal === null
            ? {
                ...recipient,
                diagnostic: { type: "disposition", text: toOneLine(fieldOf(block, "disposition") ?? "") },
              }
            : {
                ...recipient,
                replyCode: findReplyCode(refusal),
                diagnostic: { type: "x-sieve", text: refusal },
              },
        ],
        reportingMta: parseMta((fieldOf(block, "reporting-ua") ?? "").split(";")[0] ?? ""),
        envelopeId: parseEnvelopeId(fieldOf(block, "original-envelope-id")),
        software: softwareOf(mail, block),
        original: original || messageId !== null ? { ...(original ?? blankOriginal), messageId } : null,
      },
      warnings: [],
    };
  },
};

/** The fields among the words, where a gateway made text of the part. */
function blockInText(text: string): FieldBlock {
  const at = text.search(/^(?:Reporting-UA|Original-Recipient|Final-Recipient)[ \t]*:/im);
  const block = at < 0 ? [] : (readFieldBlocks(text.slice(at, at + 4_000))[0] ?? []);
  const isReceipt = /^(?:manual|automatic)-action\//i.test(fieldOf(block, "disposition") ?? "");
  return isReceipt && fieldOf(block, "final-recipient") !== null ? block : [];
}

/** `report-type=disposition-notification`, whatever became of the part. */
const isClaimed = (mail: Mail): boolean =>
  /report-type\s*=\s*"?disposition-notification/i.test(headerOf(mail, "content-type") ?? "") &&
  !mail.parts.some((part) => part.contentType.endsWith("delivery-status"));

function isDispositionPart(part: MailPart): boolean {
  if (TYPES.has(part.contentType)) return true;
  if (!/^(?:text\/plain|application\/octet-stream|message\/)/.test(part.contentType)) return false;
  if (part.contentType === "message/rfc822" || part.contentType.endsWith("delivery-status")) return false;
  return DISPOSITION.test(latin1(part.content, 1_000).trimStart());
}

/** Nobody read it: software deleted it, and the mail says that it was rejected. */
function isRefusal(mail: Mail, block: FieldBlock): boolean {
  const disposition = fieldOf(block, "disposition") ?? "";
  if (!/automatic-action\/MDN-sent-automatically\s*;\s*deleted/i.test(disposition)) return false;
  return (
    /\(reject/i.test(headerOf(mail, "auto-submitted") ?? "") ||
    /^\s*(?:automatically )?rejected\b/i.test(decodeHeader(headerOf(mail, "subject") ?? "")) ||
    /was automatically rejected|was refused by the recipient's mail filtering/i.test(mail.text.slice(0, 2_000))
  );
}

/** Dovecot and Cyrus put the user's reason below the line that names the address. */
function refusalText(text: string): string {
  const below = /(?:rejected|mail filtering program\.?)[^\n]{0,200}\n([^]{1,4000})/i.exec(text.trim())?.[1];
  return toOneLine(below ?? text);
}
