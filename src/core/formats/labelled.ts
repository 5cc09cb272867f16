/**
 * Reports made of `Label: value` lines in prose: Sun, iPlanet and Oracle Messaging Server, MailEnable, LISTSERV's
 * LSMTP, MailMarshal, MDaemon, InterMail, Haraka's text, Zoho, Verizon's MMS gateways, SurfControl and others.
 *
 *     Recipient address: user@example.org
 *     Original address: alias@example.com
 *     Reason: Rejection greeting returned by server.
 *     Diagnostic code: smtp;550 5.1.1 No such user
 *     Remote system: dns;mx.example.org
 */
import { addressesIn } from "../fields/address.ts";
import { parseMta } from "../fields/remote-mta.ts";
import type { Block } from "../notice/blocks.ts";
import { type Notice, readNotice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { FAILURE_WORDS, holdsOneOf, plain } from "../notice/phrases.ts";
import { weightOf } from "../notice/reply.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { notMine, type Format, type Reading } from "./format.ts";

const LINE = /^[\s\-*]{0,24}([A-Za-z][A-Za-z /_()-]{1,40}?)\s{0,3}(?::|=)\s*(.*)$/;
const RECIPIENT =
  /^(?:failed |final |intended |bad |undeliverable |target |invalid |affected )*(?:mail |e-?mail )?(?:recipients?|rcpt to|address(?:es|ed to)?|error-for|receiver address|to address|user)(?: address(?:es)?| mail address| e-?mail address)?$/;
const BEFORE_FORWARDING = /^original (?:address|recipient)$/;
const REASON =
  /^(?:failure |reject(?:ion)? |error |bounce )?(?:reasons?|error(?:[- ](?:text|message(?: below)?|description|code|type))?|diagnostic(?:[- ]code)?|description|diagnosis|remote server replied|problem|details?|status|text|message|response|cause)$/;
const REMOTE = /^remote[- ](?:system|mta|host|server)$/;

interface Group {
  address: string | null;
  derivedFrom: string | null;
  remote: string | null;
  reason: string[];
}

export const labelled: Format = {
  id: "labelled",
  read(mail) {
    const notice = readNotice(mail);
    if (!notice.isMachineSender && !notice.isFailureSubject) return notMine;
    if (!notice.isMachineSender && !holdsOneOf(notice.words.slice(0, 1_000), FAILURE_WORDS)) return notMine;
    const { intro, groups } = readGroups(notice);
    if (groups.length === 0 || !(groups.some((group) => group.reason.length > 0) || weightOf(notice.lines) >= 2))
      return notMine;
    const blocks = groups.map(({ address, derivedFrom, reason }): Block => ({
      address,
      derivedFrom,
      paragraphs: [reason],
    }));
    const reading = reportOf({ mail, notice, software: softwareOfNotice(mail, notice), blocks, common: intro });
    return withRemote(reading, groups);
  },
};

function withRemote(reading: Reading, groups: readonly Group[]): Reading {
  if (reading.kind !== "report") return reading;
  const recipients = reading.report.recipients.map((recipient) => {
    const group = groups.find(({ address }) => address === recipient.finalRecipient);
    return { ...recipient, remoteMta: recipient.remoteMta ?? parseMta(group?.remote ?? "") };
  });
  return { ...reading, report: { ...reading.report, recipients } };
}

/** A recipient label begins a group; labels of reason, remote host and original address add to it. */
function readGroups(notice: Notice): { intro: readonly string[]; groups: readonly Group[] } {
  const groups: Group[] = [];
  const intro: string[] = [];
  const early: string[] = [];
  let open: Group | null = null;
  let inReason = false;
  for (const line of notice.lines) {
    const match = LINE.exec(line);
    const label = plain(match?.[1] ?? "").replace(/\(e?s\)/, "");
    const value = match?.[2]?.trim() ?? "";
    const addresses = RECIPIENT.test(label) ? addressesIn(value) : [];
    if (addresses.length > 0) {
      for (const address of addresses) groups.push((open = { address, derivedFrom: null, remote: null, reason: [] }));
      inReason = false;
    } else if (match && BEFORE_FORWARDING.test(label) && open) {
      open.derivedFrom = addressesIn(value)[0] ?? null;
      inReason = false;
    } else if (match && REMOTE.test(label) && open) {
      open.remote = value.replace(/^<|>$/g, "");
      inReason = false;
    } else if (match && REASON.test(label)) {
      inReason = true;
      if (value !== "" && !/^\d{1,2}$/.test(value)) (open?.reason ?? early).push(value);
    } else if (line.trim() === "" || match)
      inReason = inReason && line.trim() === "" && (open?.reason ?? early).length === 0;
    else if (inReason) (open?.reason ?? early).push(line.trim());
    else if (!open) intro.push(line);
  }
  // MMS gateways and some filters say why before they say who.
  if (early.length === 0)
    early.push(...notice.lines.filter((line) => weightOf([line]) >= 2).map((line) => line.trim()));
  for (const group of groups) if (group.reason.length === 0) group.reason.push(...early);
  return {
    intro,
    groups: groups.filter((group, index) => groups.findIndex((one) => one.address === group.address) === index),
  };
}
