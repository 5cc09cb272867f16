/** An event as a note for a help desk: plain text, to be pasted into a conversation. */
import type { BouncedEvent } from "../../event/event.ts";
import { readableReply } from "../../event/reply-lines.ts";
import type { View } from "../view.ts";
import { recipientOf } from "../words.ts";
import { explanationIn } from "../language/explanation.ts";

export function formatNote({ t, language }: View, event: BouncedEvent): string {
  const received = event.message.receivedAt;
  return [
    t.event.noteHeadline(
      recipientOf(event) ?? t.event.noteUnknownRecipient,
      t.terms.severity[event.severity],
      t.terms.reason[event.reason],
    ),
    explanationIn(language, event) ?? event.explanation,
    event.original.subject && t.event.noteSubject(event.original.subject),
    event.original.messageId && `${t.event.messageId}: ${event.original.messageId}`,
    event.diagnostic && t.event.noteServerSaid(readableReply(event.diagnostic.text)),
    received && t.event.noteReceived(t.time(received)),
  ]
    .filter(Boolean)
    .join("\n");
}
