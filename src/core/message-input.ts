/** One message as intake hands it to the core: plain JSON, so that it can wait on a queue. */

export interface Envelope {
  /** RFC 5321 MAIL FROM, `""` for the null reverse-path, null where there was no SMTP (a file). */
  readonly reversePath: string | null;
  /** RFC 5321 RCPT TO, null where there was no SMTP. */
  readonly forwardPath: string | null;
}

export interface MessageInput {
  /** First `keepBytes` octets of the message, one char per octet (latin1). */
  readonly head: string;
  /** True when the message is longer than `head`. */
  readonly truncated: boolean;
  /** Octets of the whole message with every line end counted as CRLF. */
  readonly size: number;
  /** Hex SHA-256 of the whole message in canonical form: line ends as CRLF, line ends at the very end not counted. */
  readonly sha256: string;
  /** ISO 8601, UTC; null for a file, where the topmost Received header tells. */
  readonly receivedAt: string | null;
  readonly envelope: Envelope;
  readonly remoteAddress: string | null;
}
