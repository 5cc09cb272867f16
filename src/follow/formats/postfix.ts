/**
 * Postfix, from a syslog file, postlogd's `maillog_file`, or journald.
 *
 *     Nov 29 10:00:00 mx1 postfix/cleanup[11]: 4XyZ1: message-id=<1@shop.example>
 *     Nov 29 10:00:00 mx1 postfix/qmgr[12]: 4XyZ1: from=<b@bounces.example>, size=500, nrcpt=1 (queue active)
 *     Nov 29 10:00:01 mx1 postfix/smtp[13]: 4XyZ1: to=<user@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=1,
 *         delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 No such user (in
 *         reply to RCPT TO command))
 *     Nov 29 10:00:01 mx1 postfix/qmgr[12]: 4XyZ1: removed
 *
 * The program is what syslog wrote in front; the recipient is what stands before `relay=`. What is in the last
 * parentheses comes from the remote server, and only its class and reason are read, elsewhere.
 */
import type { ReportedRefusalInput } from "../../core/index.ts";
import { readBracketed } from "./logged-address.ts";
import {
  isHandedOn,
  OTHER,
  refused,
  UNREADABLE,
  type LineReading,
  type LogFormat,
  type LogReader,
} from "./log-reader.ts";
import { expired, knownFieldsOf, openMails, type OpenMails } from "./open-mail.ts";
import { readSyslogLine, type SyslogLine } from "./syslog-line.ts";

/** Programs whose lines say what became of a recipient. */
const DELIVERS = new Set(["smtp", "lmtp", "local", "virtual", "pipe", "error", "retry", "discard"]);
/** Their `status=sent` is a delivery to the recipient's server or mailbox. */
const REACHES = new Set(["smtp", "lmtp", "local", "virtual"]);
/** They say what a mail is. Nothing else of Postfix is looked at: smtpd's lines quote strangers. */
const KNOWS = new Set(["cleanup", "qmgr", "nqmgr", "oqmgr", ...DELIVERS]);
const QUEUE_ID = /^([0-9A-Za-z]{5,30}): /;
const OUTCOME =
  /^relay=(none|[^\s,()<>]{1,300}), (?:conn_use=\d+, )?delay=[\d.+-]+, (?:delays=[\d./+-]+, )?dsn=([245]\.\d{1,3}\.\d{1,3}), status=([A-Za-z-]+) \((.*)$/;
/** A whole outcome inside the text of another: an address with `>` in it, as old versions write it, and who knows where it ends. */
const AMBIGUOUS = /, relay=[^,]{1,300}, (?:conn_use=\d+, )?delay=/;

export const postfix: LogFormat = { id: "postfix", name: "Postfix", create: createReader };

function createReader(state: unknown): LogReader {
  const mails = openMails(state);
  return {
    read(line, now) {
      const head = readSyslogLine(line, now);
      if (!head) return UNREADABLE;
      const service = serviceOf(head);
      if (!KNOWS.has(service)) return OTHER;
      const [whole = "", id = ""] = QUEUE_ID.exec(head.text) ?? [];
      if (id === "" || id === "NOQUEUE") return OTHER;
      const text = head.text.slice(whole.length);
      if (DELIVERS.has(service)) return readDelivery(mails, head, id, text);
      return service === "cleanup" ? readCleanup(mails, id, text) : readQueue(mails, head, id, text);
    },
    state: () => mails.state(),
  };
}

/** `postfix/smtp` -> `smtp`, and `""` for other programs. */
const serviceOf = ({ program }: SyslogLine): string => /^.+\/([^/]+)$/.exec(program)?.[1] ?? "";

function readCleanup(mails: OpenMails, id: string, text: string): LineReading {
  const messageId = /^(?:resent-)?message-id=(<[^\s<>]{1,990}>)$/.exec(text)?.[1];
  if (messageId !== undefined) mails.of(id).messageId ??= messageId;
  return OTHER;
}

function readQueue(mails: OpenMails, { at }: SyslogLine, id: string, text: string): LineReading {
  if (text === "removed") {
    mails.close(id);
    return OTHER;
  }
  if (!text.startsWith("from=<")) return OTHER;
  const from = readBracketed(text, "from=<".length);
  if (!from) return UNREADABLE;
  const mail = mails.of(id);
  mail.sender = from.address;
  if (from.address === "" || !/^, status=(?:force-)?expired\b/.test(text.slice(from.end))) return OTHER;
  const refusals = expired(mail, at);
  mail.delayed.clear();
  return refusals.length === 0 ? OTHER : { kind: "refusals", refusals };
}

function readDelivery(mails: OpenMails, head: SyslogLine, id: string, text: string): LineReading {
  if (!text.startsWith("to=<")) return OTHER;
  const to = readBracketed(text, "to=<".length);
  const original =
    to && text.startsWith(", orig_to=<", to.end) ? readBracketed(text, to.end + ", orig_to=<".length) : null;
  const last = original ?? to;
  const outcome = last && text.startsWith(", ", last.end) ? OUTCOME.exec(text.slice(last.end + 2)) : null;
  if (!to || !outcome || AMBIGUOUS.test(outcome[4]!)) return UNREADABLE;
  const [, relay = "", status = "", word = "", said = ""] = outcome;
  const action = ACTIONS.get(word);
  const mail = mails.get(id);
  if (word === "sent") mail?.delayed.delete(to.address);
  if (word === "sent" && (!REACHES.has(serviceOf(head)) || isHandedOn(relay))) return OTHER;
  // What Postfix could not return to a sender who may be anybody is no mail of ours.
  if (action === undefined || mail?.sender === "") return OTHER;
  const refusal: ReportedRefusalInput = {
    recipient: to.address,
    ...(original?.address.includes("@") ? { originalRecipient: original.address } : {}),
    action,
    status,
    diagnostic: said.replace(/\)$/, ""),
    ...(relay === "none" ? {} : { remoteMta: relay.replace(/(?<=.)\[.*$/, "") }),
    ...knownFieldsOf(mail),
    queueId: id,
    at: head.at,
    reportingMta: head.host,
    software: "postfix",
  };
  if (action === "delayed") mails.delay(id, refusal);
  else mail?.delayed.delete(to.address);
  return refused(refusal);
}

const ACTIONS: ReadonlyMap<string, "failed" | "delayed" | "delivered"> = new Map([
  ["sent", "delivered"],
  ["bounced", "failed"],
  ["deferred", "delayed"],
  ["SOFTBOUNCE", "delayed"],
]);
