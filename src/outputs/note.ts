/** What a support person needs to see beside the conversation whose mail came back. */
import type { BouncedEvent } from "../event/event.ts";
import { isCredible } from "../event/credible.ts";

export interface Note {
  readonly id: string;
  /** Whom we wrote to. */
  readonly address: string | null;
  readonly text: string;
  readonly html: string;
  /** To find the conversation by. */
  readonly originalMessageId: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly subject: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export function noteOf(event: BouncedEvent): Note {
  const { mailed, address } = event.recipient;
  const title = titleOf(event);
  const said = event.diagnostic?.text ?? null;
  const redirected = address !== null && mailed !== null && address.toLowerCase() !== mailed.toLowerCase();
  const final = redirected ? `The report names ${address}, to which the message was redirected.` : null;
  const text = [title, event.explanation, final, said && `The server said: ${said}`].filter(Boolean).join("\n\n");
  const html = [
    `<p><strong>${escapeHtml(title)}</strong></p>`,
    `<p>${escapeHtml(event.explanation)}</p>`,
    final && `<p>${escapeHtml(final)}</p>`,
    said && `<p>The server said:<br><code>${escapeHtml(said)}</code></p>`,
  ]
    .filter(Boolean)
    .join("\n");
  return {
    id: event.id,
    address: mailed,
    text,
    html,
    originalMessageId: event.original.messageId,
    inReplyTo: event.original.inReplyTo,
    references: event.original.references,
    subject: event.original.subject,
    headers: event.original.headers,
  };
}

function titleOf(event: BouncedEvent): string {
  const claim = claimOf(event);
  return isCredible(event) ? claim : `Unproven report: ${claim}`;
}

function claimOf({ kind, severity, recipient, original }: BouncedEvent): string {
  const mail = original.subject === null ? "A message" : `The message “${original.subject}”`;
  const to = recipient.mailed ?? "its recipient";
  switch (kind) {
    case "bounce":
      return `${mail} could not be delivered to ${to}.`;
    case "delay":
      return `${mail} has not reached ${to} yet; the mail server keeps trying.`;
    case "complaint":
      if (severity !== "complaint") return `${mail}: a report came back about mail to ${to}.`;
      return `${to} marked the message as unwanted or asked for no more.`;
    case "auto_reply":
    case "challenge":
      return `${to} answered automatically.`;
    default:
      return `${mail}: a report came back about ${to}.`;
  }
}

export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
