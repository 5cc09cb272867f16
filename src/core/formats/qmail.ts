/**
 * qmail's QSBMF (https://cr.yp.to/proto/qsbmf.txt) and what descends from it: netqmail, IndiMail, Yahoo, GoDaddy,
 * Outblaze, MessageLabs, Sina, X Mail and others that keep the paragraphs and change the words.
 *
 *     Hi. This is the qmail-send program at mail.example.com.
 *     I'm afraid I wasn't able to deliver your message to the following addresses.
 *
 *     <user@example.org>:
 *     192.0.2.1 does not like recipient.
 *     Remote host said: 550 5.1.1 No such user
 *     Giving up on 192.0.2.1.
 *
 *     --- Below this line is a copy of the message.
 */
import { isReportLike } from "../notice/conversation.ts";
import { readListed } from "../notice/listed.ts";
import { reportOf } from "../notice/notice-report.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

const OPENINGS = [
  "hi. this is the ",
  "hi. the mta program at",
  "i'm afraid i wasn't able to deliver your message",
  "unable to deliver message to the following address(es)",
  "unable to deliver your message to the following address",
  "not able to deliver your message to the following address",
  "your mail message to the following address(es) could not be delivered",
  "please verify the address(es) and try again",
];
const HEAD = /^\s?<[^<>\s]{3,400}>:\s*$/;
const HOST = /^(?:hi\. )?this is the [\w .-]{3,60}? (?:program|agent) at (?:host )?([\w.-]{3,255}?)[.,]?(?:\s|$)/im;

export const qmail: Format = {
  id: "qmail",
  read(mail, notice) {
    if (!isReportLike(mail, notice)) return notMine;
    const begins = notice.words.slice(0, 1_000);
    const opened = OPENINGS.some((words) => begins.includes(words));
    const heads = notice.lines.filter((line) => HEAD.test(line)).length;
    // Translated and shortened ones: the paragraphs alone tell, from a daemon.
    if (heads === 0 ? !opened : !opened && !notice.isMachineSender) return notMine;
    const { intro, blocks } = readListed(notice, {
      announced: true,
      ...(heads > 0 ? { isHead: (_head, line) => HEAD.test(line) } : {}),
    });
    if (blocks.length === 0) return notMine;
    return reportOf({
      mail,
      notice,
      software: softwareOfNotice(mail, notice) ?? (begins.includes("qmail") ? "qmail" : null),
      blocks,
      common: intro,
      reportingMta: HOST.exec(notice.lines.join("\n").slice(0, 2_000))?.[1] ?? null,
    });
  },
};
