/** MAIL, RCPT and DATA as functions that return or throw a refusal. server.ts turns them into the library's callbacks. */
import { asciiDomainOf, isHostName } from "../addresses/domain.ts";
import { NotAccepted, type AcceptedEnvelope, type Intake } from "../intake/accept.ts";
import { createMessageReader, type ReceivedMessage } from "../intake/message.ts";
import { REPLIES, SmtpRefusal, type SmtpReply } from "./replies.ts";

/** A message this much over the limit is read to its end and refused in good order; a longer one is cut off. */
const OVERSIZE_SLACK = 1024 * 1024;
/** The library hands on at most so much at a time, and one piece more for each line that begins with a dot. */
const OCTETS_PER_CHUNK = 512;

/** Says whether a forward-path (return path of what was sent) is one of ours: null, or the refusal. Asked before DATA. */
export type ForwardPathPolicy = (forwardPath: string, remoteAddress: string) => SmtpReply | null;

export interface HookSettings {
  readonly domains: ReadonlySet<string>;
  readonly policy: ForwardPathPolicy;
  readonly maxSize: number;
  readonly keepBytes: number;
  readonly maxDotLines: number;
}

/** MAIL FROM. Any reverse-path, the null one above all; only the state of our own store matters. */
export function checkReversePath(intake: Pick<Intake, "state">): void {
  const state = intake.state();
  if (state === "away" || state === "unsafe") throw new SmtpRefusal(REPLIES.notStored);
  if (state === "full") throw new SmtpRefusal(REPLIES.storageFull);
}

/** RCPT TO. Returns the forward-path with its domain as lower-case A-labels. */
export function readForwardPath(
  address: string,
  { domains, policy }: Pick<HookSettings, "domains" | "policy">,
  remoteAddress: string,
): string {
  // RFC 5321 section 4.5.1: postmaster, also without a domain, is always there.
  if (address.toLowerCase() === "postmaster") return address;
  const domain = asciiDomainOf(address)?.toLowerCase();
  if (!domain || !domains.has(domain)) throw new SmtpRefusal(REPLIES.notOurDomain);
  const localPart = address.slice(0, address.lastIndexOf("@"));
  // Bidirectional overrides and controls have no use in an address but to deceive whoever reads it in a log.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(localPart)) throw new SmtpRefusal(REPLIES.badAddress);
  const forwardPath = `${localPart}@${domain}`;
  if (localPart.toLowerCase() === "postmaster") return forwardPath;
  const refusal = policy(forwardPath, remoteAddress);
  if (refusal) throw new SmtpRefusal(refusal);
  return forwardPath;
}

/** RFC 7208 section 2.3: SPF of a report is about a name in HELO, if it is that of a host. Kept for nothing else. */
export function heloOf(reversePath: string, name: string | false | undefined): Pick<AcceptedEnvelope, "helo"> {
  const helo = name ? name.toLowerCase() : "";
  return reversePath === "" && isHostName(helo) ? { helo } : {};
}

/** Reads the octets of DATA to their end. Throws when there are too many, in size or in cost. */
export function createDataReader({ maxSize, keepBytes, maxDotLines }: Omit<HookSettings, "domains" | "policy">): {
  /** Null to go on, or the refusal with which the connection is to be cut off now. */
  readonly take: (chunk: Buffer) => SmtpReply | null;
  readonly finish: () => ReceivedMessage;
} {
  const reader = createMessageReader(keepBytes);
  let octets = 0;
  let chunks = 0;
  return {
    take(chunk) {
      octets += chunk.length;
      if (octets > maxSize + OVERSIZE_SLACK) return REPLIES.tooBig;
      if (++chunks > maxDotLines + octets / OCTETS_PER_CHUNK) return REPLIES.tooComplex;
      if (octets <= maxSize) reader.update(chunk);
      return null;
    },
    finish() {
      if (octets > maxSize) throw new SmtpRefusal(REPLIES.tooBig);
      return reader.finish();
    },
  };
}

/** After the final dot. A 250 is a promise (RFC 5321 section 6.1): given once Redis has made the message durable. */
export async function acceptMessage(
  intake: Pick<Intake, "accept">,
  message: ReceivedMessage,
  envelope: AcceptedEnvelope,
): Promise<string> {
  try {
    return `2.6.0 Queued as ${await intake.accept(message, envelope)}`;
  } catch (cause) {
    const isFull = cause instanceof NotAccepted && cause.kind === "full";
    throw new SmtpRefusal(isFull ? REPLIES.storageFull : REPLIES.notStored, { cause });
  }
}
