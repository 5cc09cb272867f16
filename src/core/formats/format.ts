import type { Mail } from "../mail.ts";
import type { Notice } from "../notice/notice.ts";
import type { Report, Warning } from "../report/report.ts";

/** One shape of inbound mail. `read` is total: any mail in, a reading out, no exception. */
export interface Format {
  /** kebab-case; formats that implement a document carry its RFC number. Appears as `format` in the event. */
  readonly id: string;
  /** `notice` is the mail again, as a notice in words. */
  read(mail: Mail, notice: Notice): Reading;
}

export type Reading =
  /** Try the next format. */
  | { readonly kind: "not-mine" }
  | { readonly kind: "report"; readonly report: Report; readonly warnings: readonly Warning[] };

export const notMine: Reading = { kind: "not-mine" };
