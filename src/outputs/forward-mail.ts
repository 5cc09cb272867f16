/**
 * The mail that tells a person about a bounce, or about many. Sent with the null reverse-path, so that no report about
 * it comes back (RFC 5321 section 4.5.5), and as auto-generated (RFC 3834 section 5), so that nobody answers it.
 */
import { createTransport, type SendMailOptions } from "nodemailer";
import type { BouncedEvent } from "../event/event.ts";
import { NOTICE_HEADER } from "../core/index.ts";
import type { ForwardSettings } from "./forward-settings.ts";
import { noteOf } from "./note.ts";

export interface OutgoingNote {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** What makes the Message-ID: the same notice sent twice has the same one. */
  readonly id: string;
  /** Message-IDs, so that the notice stands beside the mail it speaks of. */
  readonly references: readonly string[];
}

export type SendNotice = (notice: OutgoingNote) => Promise<void>;

const MESSAGE_ID = /^<[^\s<>@]+@[^\s<>@]+>$/;

export function noticeOf(event: BouncedEvent): OutgoingNote {
  const { text, html, originalMessageId, references } = noteOf(event);
  return {
    subject: titleOf(text),
    text: `${text}\n\n${detailsOf(event)}\n`,
    html,
    id: event.id,
    references: [...references, originalMessageId ?? ""].filter((id) => MESSAGE_ID.test(id)).slice(-20),
  };
}

/** `beyond`: events that were counted but not kept. */
export function digestOf(events: readonly BouncedEvent[], beyond: number, id: string): OutgoingNote {
  const total = events.length + beyond;
  const more = beyond > 0 ? [`And ${beyond} more; the log has them all.`] : [];
  const items = events.map((event) => {
    const { text } = noteOf(event);
    return `* ${titleOf(text)}\n  ${event.explanation}\n  ${detailsOf(event)}`;
  });
  return {
    subject: `${total} ${total === 1 ? "report" : "reports"} about returned mail`,
    text: `${[...items, ...more].join("\n\n")}\n`,
    id,
    references: [],
  };
}

const titleOf = (text: string): string => text.split("\n", 1)[0]?.slice(0, 200) ?? "";
const detailsOf = ({ id, severity, reason, status, derivedStatus }: BouncedEvent): string =>
  [severity, reason, derivedStatus ?? status, id].filter((word) => word !== null).join(" · ");

/** A connection to the relay: a URL, which may have the password itself. */
export function createRelay(relay: string, secret?: string) {
  const url = new URL(relay);
  const isHere = /^(?:localhost|127\..*|\[::1\])$/.test(url.hostname);
  return createTransport({
    host: url.hostname.replaceAll(/^\[|\]$/g, ""),
    port: url.port ? Number(url.port) : url.protocol === "smtps:" ? 465 : 587,
    secure: url.protocol === "smtps:",
    // A password goes over an encrypted connection only, whatever a man in the middle strips from the EHLO reply.
    requireTLS: url.username !== "" && !isHere,
    tls: { rejectUnauthorized: !isHere },
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: secret ?? decodeURIComponent(url.password) } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Rejects as nodemailer does: `responseCode` is the relay's refusal. */
export function createNoticeSender({ relay, from, to }: ForwardSettings): SendNotice {
  const transport = createRelay(relay);
  return async ({ subject, text, html, id, references }) => {
    const mail: SendMailOptions = {
      from,
      to: [...to],
      envelope: { from: "", to: [...to] },
      subject,
      text,
      ...(html === undefined ? {} : { html }),
      messageId: `<bounced.${id}@${from.slice(from.lastIndexOf("@") + 1)}>`,
      headers: { "Auto-Submitted": "auto-generated", [NOTICE_HEADER]: id },
      ...(references.length > 0 ? { references: [...references], inReplyTo: references.at(-1) ?? "" } : {}),
    };
    await transport.sendMail(mail);
  };
}
