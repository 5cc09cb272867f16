/**
 * Mail that came to us inside another mail: what wraps it, and the octets of what is inside. Journals, spam filters and
 * forwarding rules put a whole message into a part; what they write around it is about that message, not about ours.
 */
import { latin1 } from "../fields/charset.ts";
import { headerOf, readHeaderBlock, type WithHeaders } from "../fields/header-block.ts";
import type { MailPart } from "./mail-part.ts";
import { hasNullPath, isFromDaemon } from "./sender.ts";

/** Values of the warning `wrapped`. */
export const WRAPPERS = ["exchange-journal", "spamassassin", "digest", "attachment", "smime", "tnef"] as const;
export type Wrapper = (typeof WRAPPERS)[number];

export interface Wrapped {
  readonly wrapper: Wrapper;
  /** Whole messages, in order. */
  readonly messages: readonly Uint8Array[];
  /** The mail around says nothing of its own: what is inside is read instead of it, not only where it is no report. */
  readonly isEnvelope: boolean;
}

interface Outer extends WithHeaders {
  readonly text: string;
  readonly html: string;
  readonly parts: readonly MailPart[];
}

/** Reports of one digest that are read. */
const MAX_MESSAGES = 50;
const HEAD_OCTETS = 16 * 1024;
const REPORT_TYPES = /^message\/(?:global-)?(?:delivery-status|disposition-notification|feedback-report)$/;
const REPORT_SUBJECT = /undeliver|failure notice|delivery (?:status|failure)|returned mail/i;
const HEADER_LINE =
  /^(?:Received|Return-Path|From|To|Date|Subject|Message-ID|MIME-Version|Delivered-To|X-[\w-]{1,60}):/i;
/** Who forwards by hand writes something; what programs and mail clients write around a forwarded message is no words. */
const FORWARDED =
  /^[-\s]*(?:(?:begin )?forwarded message|original message|weitergeleitete nachricht|message transféré|mensaje reenviado)[-:\s]*$/gim;
const MAX_SILENT = 20;

const has = ({ headers }: Outer, name: RegExp): boolean => headers.some((field) => name.test(field.name));
const isMessage = ({ contentType }: MailPart): boolean =>
  contentType === "message/rfc822" || contentType === "message/global";

/** Null for mail that carries nothing of the kind. */
export function findWrapped(mail: Outer): Wrapped | null {
  const messages = mail.parts.filter(isMessage).map(({ content }) => content);
  if (has(mail, /^x-ms-journal-report$/)) return wrapped("exchange-journal", messages.slice(0, 1), true);
  if (has(mail, /^x-spam-(?:flag|status|checker-version)$/)) {
    // `report_safe 1` attaches the message as what it is, `report_safe 2` as text.
    const whole = messages.length > 0 ? messages : mail.parts.filter(isMessageAsText).map(({ content }) => content);
    const isReport = mail.parts.some((part) => REPORT_TYPES.test(part.contentType));
    if (whole.length === 1 && !isReport && /spamassassin|spam detection|x-spam|spam/i.test(mail.text.slice(0, 2_000)))
      return wrapped("spamassassin", whole, true);
  }
  if (mail.parts.some((part) => REPORT_TYPES.test(part.contentType))) return null;
  const reports = messages.filter(isReportInside).slice(0, MAX_MESSAGES);
  const type = headerOf(mail, "content-type") ?? "";
  if (reports.length > 1 || (reports.length > 0 && /^\s*multipart\/digest/i.test(type)))
    return wrapped("digest", reports, false);
  return isSilent(mail) ? wrapped("attachment", reports, false) : null;
}

const wrapped = (wrapper: Wrapper, messages: readonly Uint8Array[], isEnvelope: boolean): Wrapped | null =>
  messages.length === 0 ? null : { wrapper, messages, isEnvelope };

const isMessageAsText = ({ contentType, content }: MailPart): boolean =>
  contentType.startsWith("text/plain") && HEADER_LINE.test(latin1(content, 200).trimStart());

/** A report of a machine, by the header of a message that is inside another. */
export function isReportInside(content: Uint8Array): boolean {
  const inside = { headers: readHeaderBlock(content.subarray(0, HEAD_OCTETS)) };
  return (
    /^multipart\/report\b/i.test(headerOf(inside, "content-type") ?? "") ||
    headerOf(inside, "x-failed-recipients") !== null ||
    /^auto-(?:replied|generated)/i.test(headerOf(inside, "auto-submitted") ?? "") ||
    REPORT_SUBJECT.test(headerOf(inside, "subject") ?? "") ||
    isFromDaemon(inside)
  );
}

/** Nobody wrote anything, or a machine sent it: whoever forwards a bounce with a question has not bounced anything. */
function isSilent(mail: Outer): boolean {
  if (isFromDaemon(mail) || hasNullPath(mail)) return true;
  if (/^auto/i.test(headerOf(mail, "auto-submitted") ?? "") || has(mail, /^resent-/)) return true;
  const words = (mail.text.trim() === "" ? mail.html.slice(0, 20_000).replace(/<[^<>]{0,2000}>/g, " ") : mail.text)
    .slice(0, 4_000)
    .replace(FORWARDED, "")
    .trim();
  return words.length <= MAX_SILENT;
}
