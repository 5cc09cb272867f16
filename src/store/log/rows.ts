/** One event -> its row of search columns. */
import { isIP } from "node:net";
import type { Insertable } from "kysely";
import type { BouncedEvent } from "../../event/event.ts";
import { fold, MAX_SEARCHED, normalAddress } from "../../addresses/normal-address.ts";
import { SLOTS } from "../db/slots.ts";
import type { EventsTable } from "../db/tables.ts";

/** 2109-05-15: the last instant whose key is a safe integer. */
const LAST_INSTANT = Math.floor(Number.MAX_SAFE_INTEGER / SLOTS) - 1;

/** Where the event stands in the log. A key that is taken gives way to the next free one. */
export function keyOf(receivedAt: number, id: string): number {
  let slot = 7;
  for (let at = 0; at < id.length; at++) slot = (slot * 31 + id.charCodeAt(at)) % SLOTS;
  return receivedAt * SLOTS + slot;
}

/** Time of receipt in ms; `now` where the message gives none or an impossible one. */
export function receivedAtOf(event: BouncedEvent, now: number): number {
  const at = Date.parse(event.message.receivedAt ?? "");
  return at >= 0 && at <= LAST_INSTANT ? at : now;
}

/** Part behind the last `@`, "" if there is none. */
export const searchedDomain = (address: string | null | undefined): string => {
  const at = address?.lastIndexOf("@") ?? -1;
  return at < 0 ? "" : fold(address?.slice(at + 1).replace(/[>\s]+$/, ""));
};

/** `Display Name <user@example.com>` -> `user@example.com`. */
const addressOf = (header: string | null): string => header?.match(/<([^<>]*)>\s*$/)?.[1] ?? header ?? "";

/** The IPv4 or bracketed address that a refusal names as ours, e.g. `banned sending IP [203.0.113.7]`. */
function sendingAddressOf(event: BouncedEvent): string {
  if (event.feedback?.sourceIp) return fold(event.feedback.sourceIp);
  if (event.fault !== "sender" && event.severity !== "block") return "";
  const text = event.diagnostic?.text.slice(0, MAX_SEARCHED) ?? "";
  const found = text
    .match(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|\[[0-9a-f:]{3,39}\]/i)?.[0]
    .replace(/[[\]]/g, "");
  return found && isIP(found) ? fold(found) : "";
}

export function rowOf(event: BouncedEvent, now: number): Insertable<EventsTable> {
  const receivedAt = receivedAtOf(event, now);
  const sender = addressOf(event.original.from) || event.original.returnPath || "";
  const [evidence] = event.evidence;
  const recipient = event.recipient.address ?? event.recipient.original;
  return {
    key: keyOf(receivedAt, event.id),
    id: event.id,
    received_at: receivedAt,
    recorded_at: now,
    message: event.message.sha256,
    kind: event.kind,
    severity: event.severity,
    reason: event.reason,
    fault: event.fault,
    advice: event.advice,
    authenticity: event.authenticity,
    confidence: event.confidence,
    action: event.action ?? "",
    status: event.status ?? event.derivedStatus ?? "",
    reply_code: event.replyCode ?? 0,
    failure_code: event.codes.failureCode,
    provider: fold(event.provider),
    software: fold(event.software),
    format: fold(event.format),
    evidence: evidence?.source ?? "none",
    rule: fold(evidence?.rule),
    recipient: fold(recipient),
    mailed: normalAddress(event.recipient.mailed ?? ""),
    domain: fold(event.recipient.domain) || searchedDomain(recipient),
    sender: fold(sender),
    sender_domain: searchedDomain(sender),
    sending_address: sendingAddressOf(event),
    subject: fold(event.original.subject),
    message_id: fold(event.original.messageId),
    tag: fold(event.returnPath?.tag),
    headers: fold(
      Object.entries(event.original.headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
    ),
    diagnostic: fold(event.diagnostic?.text),
  };
}
