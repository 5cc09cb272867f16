/** Notices that the service itself sent (forwarded bounces) carry this header, so that none is ever forwarded again. */
import { headerOf, type Mail } from "../mime/mail.ts";
import type { Report } from "./report.ts";
import type { Warning } from "../fields/warning.ts";

export const NOTICE_HEADER = "X-Bounced-Notice";
export const OWN_NOTICE = "own-notice";

/** A warning if the message is such a notice, or reports about one. */
export function ownNotice(mail: Pick<Mail, "headers"> | null, report: Pick<Report, "original"> | null): Warning[] {
  const name = NOTICE_HEADER.toLowerCase();
  const isOwn = (mail !== null && headerOf(mail, name) !== null) || report?.original?.headers.has(name);
  return isOwn ? [{ code: OWN_NOTICE }] : [];
}
