/**
 * The returned message: its identity, from wherever the report carries it - whole (`message/rfc822`,
 * `message/global`), header only (`text/rfc822-headers`, `message/global-headers`), or quoted in the text.
 */
import { parseAddress, parseAddressList } from "../fields/address.ts";
import { latin1 } from "../fields/charset.ts";
import { parseDate } from "../fields/date.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import { readHeaderBlock, readHeaderLines, type HeaderField } from "../fields/header-block.ts";
import { headerOf, type Mail, type MailPart } from "../mime/mail.ts";
import type { OriginalMessage } from "./report.ts";

const MAX_HEADERS = 500;
const MAX_VALUE = 4_000;
const MESSAGE_ID = /<[^<>\s]{1,500}>/g;

/** Records what the header says. Null where it is no header of a message (fewer than two fields that mail has). */
export function readOriginal(fields: readonly HeaderField[]): OriginalMessage | null {
  const headers = new Map<string, string>();
  for (const { name, value } of fields.slice(0, MAX_HEADERS))
    if (!headers.has(name)) headers.set(name, decodeHeader(value.slice(0, MAX_VALUE)));
  if (!KNOWN.some((name) => headers.has(name))) return null;
  const of = (name: string): string | null => headers.get(name) || null;
  const raw = (name: string): string => fields.find((field) => field.name === name)?.value ?? "";
  return {
    messageId: messageIdIn(of("message-id")),
    from: parseAddressList(raw("from"))[0] ?? null,
    to: [...parseAddressList(raw("to")), ...parseAddressList(raw("cc"))].slice(0, MAX_HEADERS),
    subject: of("subject"),
    date: parseDate(of("date") ?? ""),
    returnPath: parseAddress(of("return-path") ?? ""),
    listId: of("list-id"),
    feedbackId: of("feedback-id"),
    inReplyTo: messageIdIn(of("in-reply-to")),
    references: [...(of("references") ?? "").matchAll(MESSAGE_ID)].map(([id]) => id).slice(-50),
    headers,
  };
}

const KNOWN = ["message-id", "from", "to", "subject", "date", "received", "return-path"] as const;

/** `<id@host>` as it stands; an id without brackets gets them. Null for none. */
export function messageIdIn(value: string | null): string | null {
  if (value === null) return null;
  const bracketed = value.match(MESSAGE_ID)?.[0];
  if (bracketed) return bracketed;
  const bare = /^[^\s<>]{3,500}$/.exec(value.trim())?.[0];
  return bare ? `<${bare}>` : null;
}

const ORIGINAL_TYPES: ReadonlySet<string> = new Set([
  "message/rfc822",
  "message/global",
  "text/rfc822-headers",
  "text/rfc822-header",
  "text/rfc822",
  "message/rfc822-headers",
  "message/global-headers",
  "message/news",
  "message/partial",
]);

/** The part that carries the original; the last one, since reports put it last (a digest of reports does not). */
export const originalPart = (mail: Mail): MailPart | null =>
  mail.parts.findLast((part) => ORIGINAL_TYPES.has(part.contentType)) ??
  mail.parts.find((part) => isHeaderText(part)) ??
  null;

/** `text/plain` or `application/octet-stream` that begins like a message: gateways relabel the returned header. */
function isHeaderText(part: MailPart): boolean {
  if (!/^(?:text\/plain|application\/octet-stream|message\/)/.test(part.contentType)) return false;
  const head = latin1(part.content, 4_096);
  return /^\s*(?:From \S[^\n]{0,200}\n)?(?:Received|Return-Path|From|To|Date|Subject|Message-ID|X-[\w-]+|MIME-Version|DKIM-Signature):/i.test(
    head,
  );
}

/** From a part, else quoted in the text, else what the report's own header refers to; null if nothing is known. */
export function findOriginal(mail: Mail): OriginalMessage | null {
  const part = originalPart(mail);
  const returned = part ? readOriginal(readHeaderBlock(part.content)) : null;
  const found = returned ?? quotedOriginal(mail.text);
  if (found && found.messageId !== null) return found;
  const messageId = referredMessageId(mail);
  return messageId === null ? found : { ...(found ?? blankOriginal), messageId };
}

/** To be spread into. */
export const blankOriginal: OriginalMessage = {
  messageId: null,
  from: null,
  to: [],
  subject: null,
  date: null,
  returnPath: null,
  listId: null,
  feedbackId: null,
  inReplyTo: null,
  references: [],
  headers: new Map(),
};

/** RFC 3834 section 3.1.5 asks replies to name the message; Exim, Exchange and others do so in reports too. */
export function referredMessageId(mail: Pick<Mail, "headers">): string | null {
  const inReplyTo = messageIdIn(headerOf(mail, "in-reply-to"));
  if (inReplyTo) return inReplyTo;
  const references = headerOf(mail, "references");
  return references?.match(MESSAGE_ID)?.at(-1) ?? null;
}

/** What a header line of a returned message looks like, indented or quoted or not. */
const QUOTED_START =
  /^[ \t>|]{0,12}(?:Return-Path|Received|Message-ID|From|To|Subject|Date|MIME-Version|X-[\w-]{1,40}|DKIM-Signature|Content-Type|Sender|Reply-To|Authentication-Results|ARC-[\w-]{1,40}|List-[\w-]{1,40})[ \t]*:/i;

const FIELD_START = /^[!-9;-~]{1,100}[ \t]*:/;
/** Fields that programs write and that are long. */
const FOLDING = /^(?:Received|(?:DKIM|DomainKey)-Signature|Authentication-Results|ARC-|X-)/i;

/** The header block quoted in a report's text that names most of what identifies a message. */
export function quotedOriginal(text: string): OriginalMessage | null {
  const lines = text.split("\n");
  let best: OriginalMessage | null = null;
  let bestScore = 1;
  for (let index = 0; index < lines.length && index < 5_000; index++) {
    if (!QUOTED_START.test(lines[index]!)) continue;
    const prefix = /^[ \t>|]*/.exec(lines[index]!)![0];
    const block: string[] = [];
    let isFolding = false;
    for (; index < lines.length && lines[index]!.startsWith(prefix.trimEnd()); index++) {
      const line = lines[index]!.startsWith(prefix) ? lines[index]!.slice(prefix.length) : lines[index]!.trim();
      if (line.trim() === "") break;
      const isField = FIELD_START.test(line);
      if (isField) isFolding = FOLDING.test(line);
      // Gateways fold without indenting: `Received: from a by b (via` / `HTTP); Sat, …`.
      block.push(!isField && isFolding && !/^[ \t]/.test(line) ? ` ${line}` : line);
    }
    const fields = readHeaderLines(block.map(asOctets));
    const score = KNOWN.filter((name) => fields.some((field) => field.name === name)).length;
    const found = score > bestScore ? readOriginal(fields) : null;
    if (found) {
      best = found;
      bestScore = score;
    }
  }
  return best;
}

/** Header readers expect one char per octet; the text was decoded already. */
const asOctets = (line: string): string =>
  /[\u0080-\u{10ffff}]/u.test(line) ? Buffer.from(line, "utf8").toString("latin1") : line;
