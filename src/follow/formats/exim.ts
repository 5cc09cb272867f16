/**
 * Exim's mainlog, also through syslog.
 *
 *     2026-11-29 10:00:00 1tABCD-00000001abc-2XyZ <= b@bounces.example H=app [192.0.2.9] P=esmtp S=500 id=1@shop.example
 *     2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ ** user@example.org <alias@example.com> R=dnslookup T=remote_smtp
 *         H=mx.example.org [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<user@example.org>: 550 5.1.1 …
 *     2026-11-29 10:00:01 1tABCD-00000001abc-2XyZ Completed
 *
 * `==` is a delay, `**` a failure. What follows the first `: ` is the remote server's.
 */
import type { ReportedRefusalInput } from "../../core/index.ts";
import {
  isHandedOn,
  OTHER,
  refused,
  UNREADABLE,
  type LineReading,
  type LogFormat,
  type LogReader,
} from "./log-reader.ts";
import { knownFieldsOf, openMails, type OpenMails } from "./open-mail.ts";
import { instantIn, readSyslogLine } from "./syslog-line.ts";

const LINE =
  /^(?:(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: ([+-]\d\d:?\d\d))? )?(?:\[\d{1,10}\] )?([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) (<=|=>|->|>>|\*>|\*\*|==|Completed)(?: |$)(.*)$/;
/** An address, quoted where it has to be; then the one that it was made from. */
const ADDRESS =
  /^((?:"(?:\\.|[^"\\]){0,300}"|[^\s"<>:]{1,320})(?:@[^\s"<>:]{1,255})?)(?: \([^()]{1,320}\))?(?: <([^<>\s]{0,320})>)?(:? )/;
const DATED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
/** The address was not tried this time. */
const NOT_TRIED = /defer \(-5[1-9]\)|retry time not reached/;

export const eximLog: LogFormat = { id: "exim", name: "Exim", create: createReader };

function createReader(state: unknown): LogReader {
  const mails = openMails(state);
  return {
    read(line, now) {
      const syslog = DATED.test(line) ? null : readSyslogLine(line, now);
      const parts = LINE.exec(syslog?.text ?? line);
      if (!parts) return syslog !== null || DATED.test(line) ? OTHER : UNREADABLE;
      const [, day, time, zone = "", id = "", flag = "", rest = ""] = parts;
      const at = day === undefined ? (syslog?.at ?? null) : instantIn(`${day}T${time}${zone}`);
      if (at === null) return UNREADABLE;
      if (flag === "Completed") mails.close(id);
      if (flag === "<=") readArrival(mails, id, rest);
      const about = { id, at, host: syslog?.host };
      if (DELIVERED.has(flag)) return readDelivered(mails, about, rest);
      return flag === "**" || flag === "==" ? readFailure(mails, about, flag, rest) : OTHER;
    },
    state: () => mails.state(),
  };
}

function readArrival(mails: OpenMails, id: string, rest: string): void {
  const mail = mails.of(id);
  const sender = /^(?:<>|[^\s"<>]{1,320}|"(?:\\.|[^"\\]){0,300}"@\S{1,255})(?= |$)/.exec(rest)?.[0];
  if (sender !== undefined) mail.sender = sender === "<>" ? "" : sender;
  // A subject in quotes may say anything.
  const messageId = /^[^"]*? id=([^\s<>"]{1,990})(?= |$)/.exec(rest)?.[1];
  if (messageId !== undefined) mail.messageId = `<${messageId}>`;
}

/** The first address of a delivery, further ones, and what was passed on while it came in. */
const DELIVERED: ReadonlySet<string> = new Set(["=>", "->", ">>"]);

interface EximLine {
  readonly id: string;
  readonly at: string;
  readonly host: string | undefined;
}

function readDelivered(mails: OpenMails, { id, at, host }: EximLine, rest: string): LineReading {
  const mail = mails.get(id);
  const [whole = "", address = "", original = ""] = ADDRESS.exec(rest) ?? [];
  mail?.delayed.delete(address);
  // Of a mailbox on this machine Exim writes the user, and the address behind it.
  const recipient = address.includes("@") ? address : original;
  // What the remote server said comes last, in quotes.
  const [options = ""] = rest.slice(whole.length).split(' C="', 1);
  const remote = /(?:^| )H=([^\s[\]()]{1,255})/.exec(options)?.[1];
  const sender = /(?:^| )F=<([^<>\s]{1,320})>/.exec(options)?.[1];
  if (!recipient.includes("@") || mail?.sender === "" || isHandedOn(remote ?? "")) return OTHER;
  return refused({
    recipient,
    action: "delivered",
    ...(remote === undefined ? {} : { remoteMta: remote }),
    ...(sender === undefined ? {} : { returnPath: sender }),
    ...knownFieldsOf(mail),
    queueId: id,
    at,
    ...(host === undefined ? {} : { reportingMta: host }),
    software: "exim",
  });
}

function readFailure(mails: OpenMails, { id, at, host }: EximLine, flag: "**" | "==", rest: string): LineReading {
  const parts = ADDRESS.exec(rest);
  const [whole = "", recipient = "", original = "", colon = ""] = parts ?? [];
  if (!parts || !recipient.includes("@")) return UNREADABLE;
  const mail = mails.get(id);
  if (mail?.sender === "" || NOT_TRIED.test(rest)) return OTHER;
  const options = rest.slice(whole.length);
  const colonAt = colon === ": " ? 0 : options.indexOf(": ");
  const said = colon === ": " ? options : colonAt < 0 ? "" : options.slice(colonAt + 2);
  const written = colonAt < 0 ? options : options.slice(0, colonAt);
  const remote = /(?:^| )H=([^\s[\]()]{1,255})/.exec(written)?.[1];
  const sender = /(?:^| )F=<([^<>\s]{1,320})>/.exec(written)?.[1];
  const delayed = mail?.delayed.get(recipient);
  const refusal: ReportedRefusalInput = {
    recipient,
    ...(original.includes("@") && original !== recipient ? { originalRecipient: original } : {}),
    action: flag === "**" ? "failed" : "delayed",
    // What Exim gives up after delays was refused for the reason of the last one.
    diagnostic: flag === "**" && GIVEN_UP.test(said) && delayed ? `${delayed.diagnostic}: ${said}` : said,
    ...(remote === undefined ? (delayed?.remoteMta ? { remoteMta: delayed.remoteMta } : {}) : { remoteMta: remote }),
    ...(sender === undefined ? {} : { returnPath: sender }),
    ...knownFieldsOf(mail),
    queueId: id,
    at,
    ...(host === undefined ? {} : { reportingMta: host }),
    software: "exim",
  };
  if (flag === "==") mails.delay(id, refusal);
  else mail?.delayed.delete(recipient);
  return refused(refusal);
}

const GIVEN_UP = /^(?:retry timeout exceeded|all hosts .{0,300}failing for a long time)/;
