/** The envelope of a message that came without SMTP: what the MTA that delivered it wrote into the header. */
import { parseAddress, parseDate, readHeaderBlock } from "../core/index.ts";

export interface FoundEnvelope {
  /** From `Return-Path`; `""` for `<>`; null if there is none. */
  readonly reversePath: string | null;
  /** The address that the mail came to; null if nothing says. */
  readonly forwardPath: string | null;
  /** ISO 8601, UTC, from the topmost `Received`. */
  readonly receivedAt: string | null;
}

/** Written at delivery, the most telling first: Postfix, Exim, qmail and Dovecot, Gmail, Fastmail. */
const DELIVERED_TO = ["x-original-to", "envelope-to", "x-envelope-to", "delivered-to", "x-delivered-to"] as const;

/** The topmost header of each name counts: what is below may have come with the message. */
export function readEnvelope(head: Uint8Array): FoundEnvelope {
  const fields = readHeaderBlock(head);
  const of = (name: string): string | null => fields.find((field) => field.name === name)?.value ?? null;
  const returnPath = of("return-path");
  const received = of("received");
  const candidates = [...DELIVERED_TO, "to"].map((name) => parseAddress(of(name) ?? ""));
  return {
    reversePath: returnPath?.trim() === "<>" ? "" : parseAddress(returnPath ?? ""),
    forwardPath: candidates.find((address) => address !== null) ?? null,
    receivedAt: received?.includes(";") ? parseDate(received.slice(received.lastIndexOf(";") + 1)) : null,
  };
}
