/** What a notice says of the returned message in its own words, where it neither attaches nor quotes its header. */
import type { HeaderField } from "../fields/header-block.ts";
import type { Mail } from "../mime/mail.ts";
import { findOriginal, readOriginal } from "../report/original.ts";
import type { Label } from "../knowledge/notice-words.ts";
import type { OriginalMessage } from "../report/report.ts";
import { readLabel } from "./labels.ts";
import type { Notice } from "./notice.ts";

/** InterMail: `With subject March sent on the Tue, 3 Mar 2026 09:00:00 +0000`. */
const SENT_ON = /^With subject (.{1,900}?) sent on the (\S.{0,90})$/m;
const RECEIVED = /^[ \t]*(?:The original message was received (?:at|on)|Arrival-Date:)\s*(\S.{0,90})$/im;

const MAX_VALUE: Readonly<Partial<Record<Label, number>>> = { subject: 900, date: 90 };

/** Value of the first line with this label. */
function labelled(notice: Notice, wanted: "subject" | "date"): string | null {
  for (const line of notice.lines) {
    const read = readLabel(line);
    if (read?.label === wanted && read.value !== "" && read.value.length <= MAX_VALUE[wanted]!)
      return read.value.replace(/^'(.*)'$/, "$1");
  }
  return null;
}

/** The header of the returned message, else its subject and date as the notice mentions them; null for nothing. */
export function identityOf(mail: Mail, notice: Notice): OriginalMessage | null {
  const original = findOriginal(mail);
  if (original !== null && original.headers.size > 0) return original;
  const sent = SENT_ON.exec(notice.lines.join("\n"));
  const fields: HeaderField[] = [];
  const add = (name: string, value: string | null): void => {
    // Header readers expect one char per octet; the text was decoded already.
    if (value !== null) fields.push({ name, value: Buffer.from(value, "utf8").toString("latin1") });
  };
  add("subject", sent?.[1] ?? labelled(notice, "subject"));
  add("date", sent?.[2] ?? labelled(notice, "date"));
  const mentioned = readOriginal(fields);
  return mentioned === null ? original : { ...mentioned, messageId: original?.messageId ?? null };
}

/** When the reporting server got the message, as Sendmail and Courier write it; null where it does not say. */
export const receivedAtIn = (notice: Notice): string | null => RECEIVED.exec(notice.lines.join("\n"))?.[1] ?? null;
