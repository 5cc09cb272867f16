import { eximLog } from "./exim.ts";
import { kumomta } from "./kumomta.ts";
import type { LogFormatId } from "./ids.ts";
import type { LogFormat } from "./log-reader.ts";
import { opensmtpd } from "./opensmtpd.ts";
import { postfix } from "./postfix.ts";
import { powermta } from "./powermta.ts";
import { sendmail } from "./sendmail.ts";

/** Logs that `bounced follow` reads. */
export const LOG_FORMATS: readonly LogFormat[] = [postfix, eximLog, kumomta, powermta, opensmtpd, sendmail];

export function logFormatOf(id: LogFormatId): LogFormat {
  const format = LOG_FORMATS.find((known) => known.id === id);
  if (!format) throw new RangeError(`no log format is called ${id}`);
  return format;
}
