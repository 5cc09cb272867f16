/** What an event says of the message as a whole. Every text of mail origin is cleaned here. */
import { cleanRecord, cleanText } from "../fields/clean-text.ts";
import type { BouncedEvent } from "../../event/event.ts";
import { parseDate } from "../fields/date.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import { headerOf, type Mail } from "../mime/mail.ts";
import type { MessageInput } from "./message-input.ts";
import type { Feedback, OriginalMessage } from "../report/report.ts";
import type { Warning } from "../fields/warning.ts";

export function messageFacts({
  input,
  mail,
}: {
  readonly input: MessageInput;
  readonly mail: Mail | null;
}): BouncedEvent["message"] {
  const header = (name: string): string | null => {
    const value = mail && headerOf(mail, name);
    return value === null ? null : decodeHeader(value);
  };
  const date = header("date");
  return {
    receivedAt: input.receivedAt,
    from: cleanText(header("from"), 500),
    subject: cleanText(header("subject"), 1000),
    messageId: cleanText(header("message-id"), 998),
    date: date && parseDate(date),
    size: input.size,
    sha256: input.sha256,
    envelope: {
      reversePath: input.envelope.reversePath === "" ? "" : cleanText(input.envelope.reversePath, 320),
      forwardPath: cleanText(input.envelope.forwardPath, 320),
    },
    remoteAddress: input.remoteAddress,
    truncated: input.truncated,
  };
}

export function originalOf(original: OriginalMessage | null, keepHeaders: readonly string[]): BouncedEvent["original"] {
  const kept = keepHeaders.flatMap((name): [string, string][] => {
    const value = original?.headers.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    messageId: cleanText(original?.messageId ?? null, 998),
    from: cleanText(original?.from ?? null, 500),
    to: (original?.to ?? []).slice(0, 100).flatMap((to) => cleanText(to, 320) ?? []),
    subject: cleanText(original?.subject ?? null, 1000),
    date: original?.date ?? null,
    returnPath: cleanText(original?.returnPath ?? null, 320),
    listId: cleanText(original?.listId ?? null, 500),
    feedbackId: cleanText(original?.feedbackId ?? null, 500),
    inReplyTo: cleanText(original?.inReplyTo ?? null, 998),
    references: (original?.references ?? []).slice(0, 50).flatMap((id) => cleanText(id, 998) ?? []),
    headers: cleanRecord(kept),
  };
}

const cleanList = (values: readonly string[]): string[] =>
  values.slice(0, 100).flatMap((value) => cleanText(value) ?? []);

export function feedbackOf(feedback: Feedback): NonNullable<BouncedEvent["feedback"]> {
  return {
    type: cleanText(feedback.type),
    userAgent: cleanText(feedback.userAgent),
    version: cleanText(feedback.version),
    sourceIp: cleanText(feedback.sourceIp),
    arrivalDate: feedback.arrivalDate,
    reportingMta: cleanText(feedback.reportingMta),
    reportedDomain: cleanList(feedback.reportedDomain),
    reportedUri: cleanList(feedback.reportedUri),
    incidents: feedback.incidents,
    originalEnvelopeId: cleanText(feedback.originalEnvelopeId),
    originalMailFrom: cleanText(feedback.originalMailFrom),
    originalRcptTo: cleanList(feedback.originalRcptTo),
    authenticationResults: cleanList(feedback.authenticationResults),
    authFailure: cleanText(feedback.authFailure),
    deliveryResult: cleanText(feedback.deliveryResult),
    extensions: cleanRecord(Object.entries(feedback.extensions)),
  };
}

export const warningOf = ({ code, field, value }: Warning): BouncedEvent["warnings"][number] => ({
  code,
  ...(field === undefined ? {} : { field: cleanText(field, 80) ?? "" }),
  ...(value === undefined ? {} : { value: cleanText(value, 200) ?? "" }),
});
