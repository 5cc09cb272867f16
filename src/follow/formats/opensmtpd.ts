/**
 * OpenSMTPD, through syslog or from its standard error.
 *
 *     Nov 29 10:00:00 mx1 smtpd[12]: 0b1d6a4d9a1e5a5c smtp message msgid=9a1c4d2b size=500 nrcpt=1 proto=ESMTP
 *     Nov 29 10:00:01 mx1 smtpd[12]: 0b1d6a4e3c0f1a77 mta delivery evpid=9a1c4d2b5d1f0c33 from=<b@bounces.example>
 *         to=<user@example.org> rcpt=<-> source="192.0.2.9" relay="192.0.2.1 (mx.example.org)" delay=1s
 *         result="PermFail" stat="550 5.1.1 No such user"
 *
 * It writes no Message-ID: the message that returns cannot be told to be about the same failure.
 */
import { readBracketed } from "./logged-address.ts";
import {
  isHandedOn,
  OTHER,
  refused,
  sentFrom,
  UNREADABLE,
  type LineReading,
  type LogFormat,
  type LogReader,
} from "./log-reader.ts";
import { readSyslogLine, type SyslogLine } from "./syslog-line.ts";

const DELIVERY = /^[0-9a-f]{16} (?:mta|mda) delivery evpid=([0-9a-f]{16}) from=<([^<>\s]{0,320})> to=</;
const OUTCOME =
  /^ rcpt=<([^<>\s]{0,320})> (?:user=\S{1,100} )?(?:source="([^"]{0,300})" )?(?:relay="([^"]{0,300})" )?(?:user=\S{1,100} )?delay=[0-9smhdw]{1,30} result="?(\w+)"? stat="?(.*)$/;

export const opensmtpd: LogFormat = { id: "opensmtpd", name: "OpenSMTPD", create: createReader };

function createReader(): LogReader {
  return {
    read(line, now) {
      const head = readSyslogLine(line, now);
      const text = head?.text ?? line;
      const delivery = DELIVERY.exec(text);
      if (delivery) return readDelivery(delivery, text, head, now);
      return head !== null || /^(?:[0-9a-f]{16}|info|warn|debug|smtpd|pony|control|queue)\b/.test(line)
        ? OTHER
        : UNREADABLE;
    },
    state: () => null,
  };
}

function readDelivery(
  [whole, evpid = "", from = ""]: RegExpExecArray,
  text: string,
  head: SyslogLine | null,
  now: number,
): LineReading {
  const to = readBracketed(text, whole.length);
  const [, rcpt = "", source, relay = "", result = "", stat = ""] = (to && OUTCOME.exec(text.slice(to.end))) ?? [];
  if (!to || result === "") return UNREADABLE;
  const action = ACTIONS.get(result);
  if (action === undefined || from === "") return OTHER;
  const remote = /\(([^\s()]{1,255})\)$/.exec(relay)?.[1] ?? /^[\w.:-]{1,255}/.exec(relay)?.[0];
  if (action === "delivered" && isHandedOn(remote ?? "")) return OTHER;
  return refused({
    recipient: to.address,
    ...(rcpt.includes("@") && rcpt !== to.address ? { originalRecipient: rcpt } : {}),
    action,
    diagnostic: stat.replace(/"$/, ""),
    ...(remote === undefined ? {} : { remoteMta: remote }),
    returnPath: from,
    ...sentFrom(source),
    queueId: evpid,
    at: head?.at ?? new Date(now).toISOString(),
    ...(head === null ? {} : { reportingMta: head.host }),
    software: "opensmtpd",
  });
}

const ACTIONS: ReadonlyMap<string, "failed" | "delayed" | "delivered"> = new Map([
  ["Ok", "delivered"],
  ["PermFail", "failed"],
  ["TempFail", "delayed"],
  ["LoopFail", "failed"],
]);
