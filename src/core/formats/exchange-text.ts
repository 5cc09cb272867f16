/**
 * Exchange from 4.0 to Online without delivery status fields, in any of its languages, and hMailServer, which took
 * over the words of Outlook's system administrator.
 *
 *     did not reach the following recipient(s):
 *
 *     user@example.org on Thu, 29 Apr 2004 10:00:00 +0200
 *         The recipient name is not recognized
 *         MSEXCH:IMS:EXAMPLE:SITE:SERVER 0 (000C05A6) Unknown Recipient
 *
 * From 2007 on: the address, words for people, and below `Diagnostic information for administrators:` the server, the
 * address again, and `#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##`.
 */
import { isReportLike } from "../notice/conversation.ts";
import { readListed } from "../notice/listed.ts";
import type { Notice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { headerOf } from "../mime/mail.ts";
import { readLabel } from "../notice/labels.ts";
import { EXCHANGE_WORDS, RECIPIENT_WORDS, holdsOneOf } from "../notice/phrases.ts";
import { plain } from "../knowledge/plain.ts";
import { readTied } from "../notice/tied-addresses.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

/** Marks that no translation touches. */
const MARK =
  /^#(?:<|\d{3} )[^\n]{3,2000}#{1,2}\s*$|MSEXCH:|\b(?:RESOLVER|STOREDRV|SMTPSEND|ROUTING)\.[A-Za-z]{2,20}\b|<[^<>\s]{3,255} #[245]\.\d\.\d/m;
export const exchangeText: Format = {
  id: "exchange-text",
  read(mail, notice) {
    const embedded = headerOf(mail, "x-ms-embedded-report") !== null;
    const opened = holdsOneOf(notice.words, EXCHANGE_WORDS);
    const marked = notice.isMachineSender && MARK.test(notice.lines.join("\n"));
    if (!opened && !embedded && !marked) return notMine;
    if (!isReportLike(mail, notice)) return notMine;
    const { intro, blocks: listed } = readListed(notice, { announced: true });
    const blocks = listed.length > 0 ? listed : readTied(notice);
    if (blocks.length === 0 && !embedded && !(opened && notice.isMachineSender)) return notMine;
    return reportOf({
      mail,
      notice,
      software: softwareOfNotice(mail, notice) ?? softwareIn(notice),
      blocks,
      common: blocks.length > 0 ? intro : belowAnnouncement(notice),
      reportingMta: generatingServer(notice),
    });
  },
};

function generatingServer({ lines }: Notice): string | null {
  const server = lines.map(readLabel).find((line) => line?.label === "server")?.value ?? "";
  return /^[\w.-]{3,255}/.exec(server)?.[0] ?? null;
}

/** `Display Name on Fri, 14 Sep 2007 …` hides the address; what stands below says why. */
function belowAnnouncement(notice: Notice): readonly string[] {
  const at = notice.lines.findLastIndex(
    (line) => /[:：]$/.test(line) && line.length < 300 && holdsOneOf(plain(line), RECIPIENT_WORDS),
  );
  const below = notice.lines.slice(at + 1);
  return at < 0 ? notice.lines : below.slice(below.findIndex((line) => line !== "") + 1);
}

function softwareIn(notice: Notice): string {
  return /outlook\.com|exchange online|office 365|microsoft 365/.test(notice.words) ? "exchange-online" : "exchange";
}
