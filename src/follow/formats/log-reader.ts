/**
 * Lines of one sending system's log -> reported refusals. A reader translates only: what a failure means is decided where
 * every report is read. It knows no clock and no disk, and takes linear time.
 *
 * Parts of a line are written by strangers: the remote server's reply, host names, a Message-ID. A reader takes the
 * recipient from where the MTA writes it, and where a stranger's text could be read as such a place, the line is unread.
 */
import type { ReportedRefusalInput } from "../../core/index.ts";

export type LineReading =
  /** It says nothing of a failure: a delivery, a connection, another program. */
  | { readonly kind: "other" }
  | { readonly kind: "refusals"; readonly refusals: readonly ReportedRefusalInput[] }
  /** It should say something of a failure, and cannot be read. */
  | { readonly kind: "unreadable" };

export const OTHER: LineReading = { kind: "other" };
export const UNREADABLE: LineReading = { kind: "unreadable" };
export const refused = (refusal: ReportedRefusalInput): LineReading => ({ kind: "refusals", refusals: [refusal] });

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
