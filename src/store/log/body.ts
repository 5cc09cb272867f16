/**
 * An event as it is kept: deflated JSON with a preset dictionary, since events share most of their text.
 * A codec, once released, stays as it is; a better dictionary gets a new number.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { BouncedEvent } from "../../event/event.ts";

export const CODEC = 1;

const DICTIONARY_1 = Buffer.from(
  'software":"sendmail"software":"qmail"software":"exchange"software":"exim"provider":"yahoo"provider":"microsoft"' +
    '.mail.protection.outlook.comgmail-smtp-in.l.google.com"provider":"google"5.7.15.2.24.4.15.4.1reason":"policy"' +
    'reason":"spam_content"reason":"ip_reputation"reason":"mailbox_full"reason":"mailbox_unknown"kind":"complaint"' +
    'kind":"delay"action":"delayed"severity":"soft"severity":"block"fault":"recipient"fault":"sender"fault":"content"' +
    'advice":"retry"advice":"investigate"advice":"wait"authenticity":"unproven"authenticity":"likely"' +
    "The email account that you tried to reach does not exist. Please try double-checking the recipient's email " +
    "address for typos or unnecessary spaces. Recipient address rejected: User unknown in virtual mailbox table " +
    "host said: 550-5.1.1 (in reply to RCPT TO command) Message rejected due to local policy Mailbox full over quota " +
    '{"schema":"bounced.event/1","id":"","kind":"bounce","severity":"hard","reason":"mailbox_unknown",' +
    '"secondaryReason":null,"fault":"recipient","advice":"suppress","explanation":"","confidence":0.98,' +
    '"evidence":[{"source":"text_rule","rule":"","text":"","status":"5.1.1"}],"recipient":{"address":"@example.com",' +
    '"original":null,"domain":"example.com"},"action":"failed","status":"5.1.1","derivedStatus":"5.1.1",' +
    '"replyCode":550,"diagnostic":{"type":"smtp","text":"550 5.1.1 "},"smtpCommand":"RCPT","reportingMta":"mail.",' +
    '"remoteMta":"mx1.","receivedFromMta":null,"provider":null,"software":"postfix","format":"rfc3464",' +
    '"arrivalDate":"2026-01-01T00:00:00.000Z","lastAttemptDate":null,"willRetryUntil":null,"envelopeId":null,' +
    '"original":{"messageId":"<@>","from":"","to":[""],"subject":"","date":"","returnPath":"","listId":null,' +
    '"feedbackId":null,"inReplyTo":null,"references":[],"headers":{"x-api-data":""}},"returnPath":{"address":"b+",' +
    '"scheme":"signed","recipient":null,"tag":"","issuedAt":""},"authenticity":"proven","feedback":null,"codes":' +
    '{"failureCode":2001,"sendgrid":"invalid","ses":"Permanent/NoEmail","postmark":"HardBounce","mailgun":"bounce",' +
    '"sparkpost":10,"powermta":"bad-mailbox","kumomta":"InvalidRecipient","sisimai":"userunknown"},"message":' +
    '{"receivedAt":"","from":"MAILER-DAEMON@","subject":"Undelivered Mail Returned to Sender","messageId":"<>",' +
    '"date":"","size":,"sha256":"","envelope":{"reversePath":"","forwardPath":""},"remoteAddress":"127.0.0.1",' +
    '"truncated":false},"warnings":[]}',
);

/** An event is some KB: smaller tables and buffers are set up faster, and level 3 finds what the dictionary holds. */
const SMALL = { level: 3, windowBits: 13, memLevel: 6, chunkSize: 4096 } as const;

export const packEvent = (event: BouncedEvent): Uint8Array =>
  deflateRawSync(JSON.stringify(event), { dictionary: DICTIONARY_1, ...SMALL });

/** Keys that events have not always had; the last is the newest. */
const ADDED = { proof: null, signals: [], queueId: null, given: null, suggestion: null, answer: null };

/** An event that was written before `mailed` or one of the keys above was part of it. */
export function withEveryKey(written: BouncedEvent): BouncedEvent {
  if (Object.hasOwn(written, "answer")) return written;
  const event: BouncedEvent = { ...ADDED, ...written };
  const { recipient, returnPath } = event;
  if (Object.hasOwn(recipient, "mailed")) return event;
  return {
    ...event,
    recipient: { ...recipient, mailed: returnPath?.recipient ?? recipient.original ?? recipient.address },
  };
}

export function unpackEvent(codec: number, body: Uint8Array): BouncedEvent {
  if (codec !== CODEC) throw new Error(`event body of codec ${codec}: written by a newer version`);
  return withEveryKey(
    JSON.parse(inflateRawSync(body, { dictionary: DICTIONARY_1, chunkSize: 8192 }).toString("utf8")) as BouncedEvent,
  );
}
