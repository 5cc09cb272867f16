/** Postmark's bounce and spam complaint webhooks: one object a request. */
import type { BouncedEvent } from "../event/event.ts";
import { instantOf, ownValues, sayable, withoutBrackets } from "./shape-facts.ts";

export type PostmarkRecord = Readonly<Record<string, unknown>>;

/** Type -> [TypeCode, Name, Description]. */
const TYPES: ReadonlyMap<string, readonly [number, string, string]> = new Map([
  ["HardBounce", [1, "Hard bounce", "The address does not exist or will never take mail."]],
  ["Transient", [2, "Message delayed", "The message has not been delivered yet; the server keeps trying."]],
  ["Unsubscribe", [16, "Unsubscribe request", "The recipient asks to be taken off the list."]],
  ["AutoResponder", [64, "Auto responder", "An automatic answer, such as an out-of-office note."]],
  ["DnsError", [256, "DNS error", "The way to the recipient's domain could not be looked up."]],
  ["SpamNotification", [512, "Spam notification", "The receiver took the message for spam."]],
  ["Unknown", [2048, "Unknown", "The answer could not be understood."]],
  ["SoftBounce", [4096, "Soft bounce", "The mailbox or server could not take the message this time."]],
  ["VirusNotification", [8192, "Virus notification", "The receiver found malware in the message."]],
  [
    "ChallengeVerification",
    [16384, "Challenge verification", "A person has to confirm before the message is delivered."],
  ],
  ["BadEmailAddress", [100_000, "Invalid email address", "The address is malformed."]],
  ["SpamComplaint", [100_001, "Spam complaint", "The recipient marked the message as spam."]],
  ["ManuallyDeactivated", [100_002, "Manually deactivated", "The sending platform did not try."]],
  ["Blocked", [100_006, "Blocked", "The receiver blocked the message."]],
  ["DMARCPolicy", [100_009, "DMARC policy", "The DMARC policy of the sender's domain asked for the refusal."]],
]);

/** Null: Postmark has no such record. */
export function postmarkRecordOf(reported: BouncedEvent): PostmarkRecord | null {
  const event = sayable(reported);
  if (!event) return null;
  const type = typeOf(event);
  const facts = type === null ? undefined : TYPES.get(type);
  if (!type || !facts || !event.recipient.mailed) return null;
  const [code, name, description] = facts;
  const isComplaint = type === "SpamComplaint";
  const isInactive = isComplaint || (event.kind === "bounce" && event.severity === "hard");
  return {
    RecordType: isComplaint ? "SpamComplaint" : "Bounce",
    ID: numberOf(event.id),
    Type: type,
    TypeCode: code,
    Name: name,
    Tag: event.returnPath?.tag ?? "",
    MessageID: event.original.messageId ? withoutBrackets(event.original.messageId) : "",
    Metadata: ownValues(event),
    ServerID: 0,
    MessageStream: "outbound",
    Description: description,
    Details: event.diagnostic ? `${event.diagnostic.type};${event.diagnostic.text}` : "",
    Email: event.recipient.mailed,
    From: event.original.from ?? "",
    BouncedAt: instantOf(event),
    DumpAvailable: false,
    Inactive: isInactive,
    CanActivate: isInactive && !isComplaint,
    Subject: event.original.subject ?? "",
  };
}

/** These deactivate an address. */
const HARD_TYPES: ReadonlySet<string> = new Set(["HardBounce", "BadEmailAddress"]);

function typeOf({ kind, severity, codes }: BouncedEvent): string | null {
  switch (kind) {
    case "delay":
      return "Transient";
    case "bounce":
      return severity !== "hard" && HARD_TYPES.has(codes.postmark ?? "") ? "SoftBounce" : codes.postmark;
    case "complaint":
    case "auto_reply":
    case "challenge":
      return codes.postmark;
    default:
      return null;
  }
}

/** A number of at most 53 bits made of our id: the same event gives the same one. */
const numberOf = (id: string): number => Number.parseInt(id.slice(1, 13), 16);
