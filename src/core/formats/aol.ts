/**
 * AOL's own refusals name members by screen name alone, which is the local part at aol.com:
 *
 *     Your mail to the following recipients could not be delivered because they are not accepting mail from …:
 *         screenname
 */
import type { Block } from "../notice/blocks.ts";
import { reportOf } from "../notice/notice-report.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

const SCREEN_NAME = /^\s+([A-Za-z][A-Za-z0-9._-]{1,31})\s*$/;

export const aol: Format = {
  id: "aol",
  read(mail, notice) {
    if (!/^mailer-daemon@aol\.com$/.test(notice.sender)) return notMine;
    const start = notice.lines.findIndex((line) => /could not be delivered/i.test(line));
    const end = notice.lines.findIndex((line, index) => index >= start && line.endsWith(":"));
    if (start < 0 || end < 0) return notMine;
    const reason = notice.lines.slice(start, end + 1).map((line) => line.trim().replace(/:$/, "."));
    const names = notice.lines.slice(end + 1).flatMap((line) => SCREEN_NAME.exec(line)?.[1] ?? []);
    if (names.length === 0) return notMine;
    const paragraphs = [reason];
    const blocks = names.map((name): Block => ({ address: `${name}@aol.com`, derivedFrom: null, paragraphs }));
    return reportOf({ mail, notice, software: "aol", blocks, common: reason });
  },
};
