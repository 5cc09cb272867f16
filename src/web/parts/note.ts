/** An event as a note for a help desk: plain text, to be pasted into a conversation. */
import type { BouncedEvent } from "../../event/event.ts";
import { readableReply } from "./reply-lines.ts";
import { lowerWordsOf, recipientOf, SEVERITY_WORDS, shortTime } from "../words.ts";

export function formatNote(event: BouncedEvent): string {
  const received = event.message.receivedAt;
  return [
    `Mail to ${recipientOf(event) ?? "an unknown recipient"} was not delivered (${SEVERITY_WORDS[event.severity].toLowerCase()}: ${lowerWordsOf(event.reason)}).`,
    event.explanation,
    event.original.subject && `Subject: ${event.original.subject}`,
    event.original.messageId && `Message-ID: ${event.original.messageId}`,
    event.diagnostic && `The server said: ${readableReply(event.diagnostic.text)}`,
    received && `Received: ${shortTime(received)}`,
  ]
    .filter(Boolean)
    .join("\n");
}
