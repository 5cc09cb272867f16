/**
 * Lines of one sending system's log -> reported refusals. A reader translates only: what a failure means is decided where
 * every report is read. It knows no clock and no disk, and takes linear time.
 *
 * Parts of a line are written by strangers: the remote server's reply, host names, a Message-ID. A reader takes the
 * recipient from where the MTA writes it, and where a stranger's text could be read as such a place, the line is unread.
 */
import { isIP } from "node:net";
import type { ReportedRefusalInput } from "../../core/index.ts";

export type LineReading =
  /** It says nothing of what became of mail: a connection, another program. */
  | { readonly kind: "other" }
  | { readonly kind: "refusals"; readonly refusals: readonly ReportedRefusalInput[] }
  /** It should say something of a delivery or failure, and cannot be read. */
  | { readonly kind: "unreadable" };

export const OTHER: LineReading = { kind: "other" };
export const UNREADABLE: LineReading = { kind: "unreadable" };
export const refused = (refusal: ReportedRefusalInput): LineReading => ({ kind: "refusals", refusals: [refusal] });

/** The sending address as the line has it; nothing where that is none. */
export const sentFrom = (address: string | undefined): Pick<ReportedRefusalInput, "sendingAddress"> =>
  address !== undefined && isIP(address) !== 0 ? { sendingAddress: address } : {};

/** A filter on this machine took the mail, and hands it back: what becomes of it is in later lines. */
export const isHandedOn = (relay: string): boolean =>
  /^(?:localhost\b|\[?127\.0\.0\.1\b|\[?::1\]?$|private\/|\/)/i.test(relay);

export interface LogReader {
  /** `now`, ms: what a date without a year is near to, and not after. */
  read(line: string, now: number): LineReading;
  /** What lines before said of mail that is still in the queue, as JSON: a reader made with it goes on. */
  state(): unknown;
}

export interface LogFormat {
  /** As in `--format`, and `software` of the events. */
  readonly id: string;
  readonly name: string;
  /** A state that is none of this format's is as if there were none. */
  create(state: unknown): LogReader;
}
