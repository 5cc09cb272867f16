/**
 * Postfix reports that lost their delivery status part, or come from before it had one, also in translation:
 * `<user@example.org>: host mx.example.org[192.0.2.1] said: 550 …`, folded with four blanks. MX Logic, Courier and
 * PowerMTA write their text parts in the same shape.
 */
import { isReportLike } from "../notice/conversation.ts";
import { readListed } from "../notice/listed.ts";
import { reportOf } from "../notice/notice-report.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

const HEAD = /^\s{0,4}<[^<>\s]{3,400}>(?: \([^()]{3,400}\))?\s?[:;]\s?\S/;
const OPENING = /this is the (?:mail system|[\w .()/-]{2,60}? program) at host ([\w.-]{1,255}?)\.?(?:\s|$)/;

export const postfixText: Format = {
  id: "postfix-text",
  read(mail, notice) {
    if (!isReportLike(mail, notice)) return notMine;
    const opening = OPENING.exec(notice.words.slice(0, 2_000));
    if (!notice.lines.some((line) => HEAD.test(line)) || (!opening && !notice.isMachineSender)) return notMine;
    const { intro, blocks } = readListed(notice, { announced: true, isHead: (_head, line) => HEAD.test(line) });
    if (blocks.length === 0) return notMine;
    return reportOf({
      mail,
      notice,
      software: softwareOfNotice(mail, notice) ?? (opening ? "postfix" : null),
      blocks,
      common: intro,
      reportingMta: opening?.[1] ?? null,
    });
  },
};
