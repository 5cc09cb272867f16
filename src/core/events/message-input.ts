/** One message as the core reads it. */

import type { ReportSignal } from "../../event/event.ts";
import type { Trust } from "../trust/judge.ts";

export interface Envelope {
  /** RFC 5321 MAIL FROM, `""` for the null reverse-path, null where there was no SMTP (a file). */
  readonly reversePath: string | null;
  /** RFC 5321 RCPT TO, null where there was no SMTP. */
  readonly forwardPath: string | null;
  /** Further forward-paths of the same transaction: the one that says most about the report is taken. */
  readonly others?: readonly string[];
}

export interface MessageInput {
  /** First `keepBytes` octets of the message. */
  readonly octets: Uint8Array;
  /** True when the message is longer than `octets`. */
  readonly truncated: boolean;
  /** Octets of the whole message with every line end counted as CRLF. */
  readonly size: number;
  /** Hex SHA-256 of the whole message in canonical form: line ends as CRLF, line ends at the very end not counted. */
  readonly sha256: string;
  /** ISO 8601, UTC; null for a file, where the topmost Received header tells. */
  readonly receivedAt: string | null;
  readonly envelope: Envelope;
  readonly remoteAddress: string | null;
  /** What the host that brought a report (null reverse-path) called itself in HELO. */
  readonly helo?: string;
  /** What was found out about the report itself, beyond what it says. */
  readonly signals?: readonly ReportSignal[];
  /** The octets are a refusal that our own sending system reported (refusals/refusal.ts), and no mail. */
  readonly isRefusal?: boolean;
  /** Of a message that is read again: what was judged of one of its events when it came. Keys expire and are replaced. */
  readonly known?: { readonly eventId: string; readonly trust: Trust };
}
