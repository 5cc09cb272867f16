/**
 * Exim's bounces without delivery status fields, and their kin: GMX, 1&1, Mail.ru, Zoho; and `X-Failed-Recipients`,
 * the header that Exim invented.
 *
 *     A message that you sent could not be delivered to one or more of its
 *     recipients. This is a permanent error. The following address(es) failed:
 *
 *       user@example.org
 *         (generated from alias@example.com)
 *         SMTP error from remote mail server after RCPT TO:<user@example.org>:
 *         host mx.example.org [192.0.2.1]: 550 5.1.1 No such user
 *
 * `bounce_message_file` translates the words; the header and the indentation stay.
 */
import { addressesIn } from "../fields/address.ts";
import { decodeHeader } from "../fields/encoded-word.ts";
import type { Mail } from "../mime/mail.ts";
import type { Block } from "../notice/blocks.ts";
import { isReportLike } from "../notice/conversation.ts";
import { readListed } from "../notice/listed.ts";
import type { Notice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { readTied } from "../notice/tied-addresses.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { type Format } from "./format.ts";
import { notMine, type Reading } from "../report/reading.ts";

const OPENINGS = [
  "created automatically by mail delivery software",
  "это письмо создано автоматически",
  "a message that you sent could not be delivered",
  "a message that you sent contained",
  "a message that you sent was rejected by the local scanning code",
];

/** Exim repeats the header every fifty addresses. */
export const failedRecipients = (mail: Mail): readonly string[] =>
  mail.headers.flatMap(({ name, value }) => (name === "x-failed-recipients" ? addressesIn(decodeHeader(value)) : []));

export const exim: Format = {
  id: "exim",
  read(mail, notice) {
    const begins = notice.words.slice(0, 1_000);
    const isOurs = OPENINGS.some((words) => begins.includes(words)) && isReportLike(mail, notice);
    return isOurs ? readWithHeader(mail, notice, true) : notMine;
  },
};

/** Whoever sets the header names the recipients, whatever the language of the text: Google, translated Exim, others. */
export const failedRecipientsHeader: Format = {
  id: "x-failed-recipients",
  read: (mail, notice) => (failedRecipients(mail).length === 0 ? notMine : readWithHeader(mail, notice, false)),
};

function readWithHeader(mail: Mail, notice: Notice, announced: boolean): Reading {
  const failed = failedRecipients(mail);
  const known = new Set(failed.map((address) => address.toLowerCase()));
  const { intro, blocks } = readListed(notice, { known, announced });
  const found = merge(failed, blocks);
  return reportOf({
    mail,
    notice,
    software: softwareOfNotice(mail, notice) ?? (announced ? "exim" : null),
    blocks: found.length > 0 ? found : readTied(notice),
    common: intro,
  });
}

/** The header decides who failed, the text why. No overlap at all: they spell the same addresses differently (IDN). */
function merge(failed: readonly string[], blocks: readonly Block[]): readonly Block[] {
  const named = new Set(failed.map((address) => address.toLowerCase()));
  const namesOf = ({ address, derivedFrom }: Block): readonly string[] =>
    [address, derivedFrom].flatMap((name) => name?.toLowerCase() ?? []);
  const listed = blocks.filter((block) => namesOf(block).some((name) => named.has(name)));
  if (failed.length === 0 || (listed.length === 0 && blocks.length === failed.length)) return blocks;
  const known = new Set(listed.flatMap(namesOf));
  return [...listed, ...failed.filter((address) => !known.has(address.toLowerCase())).map(blockOf)];
}

const blockOf = (address: string): Block => ({ address, derivedFrom: null, paragraphs: [] });
