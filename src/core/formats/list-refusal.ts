/**
 * What a mailing list program writes to somebody whose message it did not distribute: Mailman 2 and 3, mlmmj, Sympa,
 * Majordomo, LISTSERV. Such notices have a reverse-path and an Auto-Submitted of their own, so neither says what they
 * are; the address does: the program writes as `users-owner@`, `users+owner@`, `sympa@`, about `users@` of the same host.
 *
 *     Your request to the users@lists.example.org mailing list
 *         Posting of your message titled "News"
 *     has been rejected by the list moderator.
 *
 * A message that waits for the moderator is none of these: nothing has failed yet.
 */
import { addressesIn } from "../fields/address.ts";
import { domainOf } from "../../addresses/domain.ts";
import { plain } from "../knowledge/plain.ts";
import type { Block } from "../notice/blocks.ts";
import type { Notice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { LIST_REFUSALS, holdsOneOf } from "../notice/phrases.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

/** `users-owner@lists.example.org`: the list and what is behind it. */
const OF_LIST = /^(.{1,200}?)[-+_](?:owner|bounces?|request|admin|help|noreply)(?:[+=-][^@]{0,200})?@(.{1,255})$/;
/** One address for all lists of a host. */
const OF_HOST = /^(?:sympa|listserv|majordomo|mailman|listmaster|lists?(?:erver)?|lyris|ezmlm)(?:-[a-z]{1,20})?@/;
/** The notice says what it is in its first sentences; a digest of a list may quote one further down. */
const HEAD = 800;

export const listRefusal: Format = {
  id: "list-refusal",
  read(mail, notice) {
    const { sender } = notice;
    const ofList = OF_LIST.exec(sender);
    if ((!ofList && !OF_HOST.test(sender)) || !holdsOneOf(notice.words.slice(0, HEAD), LIST_REFUSALS)) return notMine;
    const address = listIn(notice, ofList ? `${ofList[1]}@${ofList[2]}` : null);
    if (address === null) return notMine;
    const blocks: readonly Block[] = [{ address, derivedFrom: null, paragraphs: [refusalIn(notice)] }];
    return reportOf({ mail, notice, software: softwareOfNotice(mail, notice), blocks, common: [] });
  },
};

/** The paragraphs that refuse: what stands beside them quotes the title of the message. */
function refusalIn({ lines }: Notice): readonly string[] {
  const paragraphs = lines
    .join("\n")
    .slice(0, 4_000)
    .split(/\n\s*\n/);
  const refusing = paragraphs.filter((paragraph) => holdsOneOf(plain(paragraph), LIST_REFUSALS));
  return (refusing.length > 0 ? refusing : paragraphs).map((paragraph) => paragraph.replace(/\s+/g, " ").trim());
}

/** The list that refused, as the notice spells it; null where it names none of its own host. */
function listIn({ sender, sentTo, subject, lines }: Notice, expected: string | null): string | null {
  const named = addressesIn(`${subject}\n${lines.join("\n").slice(0, 4_000)}`, 20);
  const isList = (address: string): boolean => {
    const one = address.toLowerCase();
    if (expected !== null) return one === expected;
    const isOwn = one === sender || sentTo.includes(one) || OF_LIST.test(one) || OF_HOST.test(one);
    return !isOwn && domainOf(one)?.toLowerCase() === domainOf(sender)?.toLowerCase();
  };
  return named.find(isList) ?? null;
}
