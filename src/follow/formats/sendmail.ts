/**
 * Sendmail's syslog lines.
 *
 *     Nov 29 10:00:00 mx1 sm-mta[12]: 4ATA0001234567: from=<b@bounces.example>, size=500, class=0, nrcpts=1,
 *         msgid=<1@shop.example>, proto=ESMTP, daemon=MTA, relay=app [192.0.2.9]
 *     Nov 29 10:00:01 mx1 sm-mta[13]: 4ATA0001234567: to=<user@example.org>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp,
 *         pri=120500, relay=mx.example.org. [192.0.2.1], dsn=5.1.1, reply=550 5.1.1 No such user, stat=User unknown
 */
import type { ReportedRefusalInput } from "../../core/index.ts";
import { readBracketed } from "./logged-address.ts";
import { isHandedOn, OTHER, UNREADABLE, type LineReading, type LogFormat, type LogReader } from "./log-reader.ts";
import { expired, knownFieldsOf, openMails, type OpenMails } from "./open-mail.ts";
import { readSyslogLine, type SyslogLine } from "./syslog-line.ts";

const PROGRAMS = /^(?:sendmail|sm-mta|sm-que|sm-msp-queue|MTA|MSP)/;
const QUEUE_ID = /^([0-9A-Za-z]{8,20}): /;
/** Before `dsn=` stands what sendmail itself knows, behind it what the remote server said. */
const OUTCOME =
  /^, (?:ctladdr=[^,]{1,400}, )?delay=[\d+:]{8,20}, (?:xdelay=[\d+:]{8,20}, )?(?:mailer=([\w-]{1,40}), )?(?:pri=\d+, )?(?:quarantine=[^,]{0,200}, )?(?:relay=([^,]{0,300}), )?dsn=([245]\.\d{1,3}\.\d{1,3})(?:, reply=(.*?))?, stat=(.*)$/;
const GIVEN_UP = /(?:sender notify|return to sender): Cannot send message (?:for|within) /;

export const sendmail: LogFormat = { id: "sendmail", name: "Sendmail", create: createReader };

function createReader(state: unknown): LogReader {
  const mails = openMails(state);
  return {
    read(line, now) {
      const head = readSyslogLine(line, now);
      if (!head) return UNREADABLE;
      const [whole = "", id = ""] = QUEUE_ID.exec(head.text) ?? [];
      if (!PROGRAMS.test(head.program) || id === "") return OTHER;
      const text = head.text.slice(whole.length);
      if (text.startsWith("from=<")) return readArrival(mails, id, text);
      if (text.startsWith("to=<")) return readDelivery(mails, head, id, text);
      if (text === "done; delay=" || text.startsWith("done; ")) mails.close(id);
      const mail = mails.get(id);
      if (!GIVEN_UP.test(text) || mail?.sender === "") return OTHER;
      const refusals = expired(mail, head.at);
      mail?.delayed.clear();
      return refusals.length === 0 ? OTHER : { kind: "refusals", refusals };
    },
    state: () => mails.state(),
  };
}

function readArrival(mails: OpenMails, id: string, text: string): LineReading {
  const from = readBracketed(text, "from=<".length);
  if (!from) return UNREADABLE;
  const mail = mails.of(id);
  mail.sender = from.address;
  const messageId = /^, size=\d+, class=-?\d+, nrcpts=\d+, msgid=(<[^\s<>]{1,990}>)/.exec(text.slice(from.end))?.[1];
  if (messageId !== undefined) mail.messageId = messageId;
  return OTHER;
}

function readDelivery(mails: OpenMails, head: SyslogLine, id: string, text: string): LineReading {
  const recipients: string[] = [];
  let at = "to=".length;
  for (;;) {
    const to = text.charAt(at) === "<" ? readBracketed(text, at + 1) : null;
    if (!to) return UNREADABLE;
    recipients.push(to.address);
    at = to.end;
    if (!text.startsWith(",<", at)) break;
    at++;
  }
  const [whole, , relay = "", status = "", reply, stat = ""] = OUTCOME.exec(text.slice(at)) ?? [];
  if (whole === undefined) return text.endsWith(", stat=queued") ? OTHER : UNREADABLE;
  const mail = mails.get(id);
  if (/^Sent\b/.test(stat)) {
    for (const recipient of recipients) mail?.delayed.delete(recipient);
    if (isHandedOn(relay)) return OTHER;
  } else if (status.startsWith("2")) return OTHER;
  if (stat === "queued" || mail?.sender === "") return OTHER;
  const action = /^Sent\b/.test(stat) ? "delivered" : status.startsWith("4") ? "delayed" : "failed";
  const remote = /^\[?[^\s[\]]{1,255}/.exec(relay)?.[0].replace(/^\[|\.$/g, "");
  const refusals = recipients.map((recipient): ReportedRefusalInput => ({
    recipient,
    action,
    status,
    diagnostic: reply === undefined || stat.includes(reply) ? stat : `${reply} (${stat})`,
    ...(remote ? { remoteMta: remote } : {}),
    ...knownFieldsOf(mail),
    queueId: id,
    at: head.at,
    reportingMta: head.host,
    software: "sendmail",
  }));
  for (const refusal of refusals)
    if (action === "delayed") mails.delay(id, refusal);
    else mail?.delayed.delete(refusal.recipient);
  return { kind: "refusals", refusals };
}
