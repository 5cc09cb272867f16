import type { Mail } from "../mime/mail.ts";
import type { Notice } from "../notice/notice.ts";
import type { Reading } from "../report/reading.ts";

/** One shape of inbound mail. `read` is total: any mail in, a reading out, no exception. */
export interface Format {
  /** kebab-case; formats that implement a document carry its RFC number. Appears as `format` in the event. */
  readonly id: string;
  /** `notice` is the mail again, as a notice in words. */
  read(mail: Mail, notice: Notice): Reading;
}
