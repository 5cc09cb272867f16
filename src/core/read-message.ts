/** The whole pipeline, one message in, one event per recipient out: parseMail, readReports, onBestPath, eventsOf, withinBudget. */
import type { BouncedEvent } from "../event/event.ts";
import { withinBudget } from "../event/event-budget.ts";
import { eventsOf } from "./events/events-of.ts";
import { sameAddress } from "./fields/address.ts";
import { readAnswer, readReports, type FormatReading } from "./formats/index.ts";
import { parseMail, type Mail } from "./mime/mail.ts";
import type { MessageInput } from "./events/message-input.ts";
import { messageOf } from "../machine/error-message.ts";
import type { ReadSettings } from "./events/read-settings.ts";
import { readReportedRefusal } from "./refusals/read-refusal.ts";
import type { Report } from "./report/report.ts";
import { NOTHING_VERIFIED, verifyReturned, type KeyRecords, type Verified } from "./proof/dkim/verify.ts";
import { originalPart } from "./report/original.ts";
import { headerOctets } from "./fields/header-block.ts";
import { readReturnPath } from "../return-path/read.ts";

export interface MessageReading {
  readonly events: readonly BouncedEvent[];
  /** Names of key records that were missing to verify signatures of ours: with them the message may prove more. */
  readonly wantedKeys: readonly string[];
}

/**
 * Never rejects on mail: what cannot be parsed gives one event of kind `unrecognized` with the warning `unparseable`.
 */
export const readMessage = async (message: MessageInput, settings: ReadSettings): Promise<readonly BouncedEvent[]> =>
  (await readWithKeys(message, settings, new Map())).events;

/** The same with key records of our DKIM signatures besides those of the settings. */
export async function readWithKeys(
  message: MessageInput,
  settings: ReadSettings,
  keys: KeyRecords,
): Promise<MessageReading> {
  if (message.isRefusal) {
    const events = readReportedRefusal(message, settings) ?? unreadableMessage(message, settings, "no refusal");
    return { events, wantedKeys: [] };
  }
  let mail: Mail;
  try {
    const { buffer, byteOffset, byteLength } = message.octets;
    mail = withReversePath(await parseMail(Buffer.from(buffer, byteOffset, byteLength)), message.envelope.reversePath);
  } catch (error) {
    return { events: unreadableMessage(message, settings, messageOf(error).slice(0, 200)), wantedKeys: [] };
  }
  const { warnings } = mail;
  const readings = readReports(mail);
  const events = new Map<string, BouncedEvent>();
  const wanted = new Set<string>();
  for (const reading of readings.length > 0 ? readings : [answersOurs(message, settings) ? readAnswer(mail) : null]) {
    const input = onBestPath(message, settings, reading?.report ?? null);
    const { mails: signed, wanted: missing } = signaturesIn(reading, input, settings, keys);
    for (const name of missing.slice(0, MAX_WANTED - wanted.size)) wanted.add(name);
    for (const event of eventsOf({ input, settings, mail, reading, warnings, signed }))
      // A digest may report one recipient twice: ids come from message and recipient, and the first stands.
      if (!events.has(event.id)) events.set(event.id, event);
  }
  return { events: withinBudget([...events.values()]), wantedKeys: [...wanted] };
}

/** A digest of reports names no more keys than these. */
const MAX_WANTED = 4;

/** Looked for where the address that the report came to does not prove by itself whom the mail was for. */
function signaturesIn(
  reading: FormatReading | null,
  { envelope, receivedAt }: MessageInput,
  { dkim, returnPath }: ReadSettings,
  keys: KeyRecords,
): Verified {
  const part = reading && dkim && dkim.domains.length > 0 ? originalPart(reading.mail) : null;
  if (!part || !dkim) return NOTHING_VERIFIED;
  const path = readReturnPath(envelope.forwardPath, returnPath, receivedAt);
  if (path?.check === "valid" && (path.recipient !== null || path.bindsRecipient)) return NOTHING_VERIFIED;
  return verifyReturned(headerOctets(part.content), dkim, keys, receivedAt);
}

/** Recipients of a report that are compared with each path: a comparison may cost an HMAC. */
const MAX_COMPARED = 100;
const NOTHING = new Uint8Array();

/** The outcome of a message that cannot be read, or must not be tried again. */
export const unreadableMessage = (
  input: Omit<MessageInput, "octets">,
  settings: ReadSettings,
  why: string,
): readonly BouncedEvent[] => {
  const warnings = [{ code: "unparseable", value: why }];
  return eventsOf({ input: { ...input, octets: NOTHING }, settings, mail: null, reading: null, warnings });
};

/**
 * A transaction with several RCPTs is read once. Of its forward-paths that one counts which is verified and names a
 * recipient of the report, else one that is verified, else the first.
 */
function onBestPath(input: MessageInput, { returnPath }: ReadSettings, report: Report | null): MessageInput {
  const { others = [], ...envelope } = input.envelope;
  if (others.length === 0) return input;
  const named = (report?.recipients ?? [])
    .slice(0, MAX_COMPARED)
    .flatMap(({ finalRecipient, originalRecipient }) => [
      ...(finalRecipient === null ? [] : [finalRecipient]),
      ...(originalRecipient === null ? [] : [originalRecipient]),
    ]);
  const rank = (forwardPath: string | null): number => {
    const reading = readReturnPath(forwardPath, returnPath, input.receivedAt);
    if (reading?.check !== "valid") return 0;
    const { recipient, bindsRecipient } = reading;
    const isNamed = named.some((one) => (bindsRecipient ? bindsRecipient(one) : sameAddress(recipient ?? "", one)));
    return isNamed ? 2 : 1;
  };
  let best = { forwardPath: envelope.forwardPath, rank: rank(envelope.forwardPath) };
  for (const forwardPath of others) {
    if (best.rank === 2) break;
    const here = rank(forwardPath);
    if (here > best.rank) best = { forwardPath, rank: here };
  }
  return { ...input, envelope: { ...envelope, forwardPath: best.forwardPath } };
}

/** RFC 5321 section 4.4: final delivery writes the reverse-path into the header, above whatever stands there. */
const withReversePath = (mail: Mail, reversePath: string | null): Mail =>
  reversePath === null
    ? mail
    : { ...mail, headers: [{ name: "return-path", value: `<${reversePath}>` }, ...mail.headers] };

/** It came with the null reverse-path to an address that was made for one mail of ours. */
function answersOurs(message: MessageInput, settings: ReadSettings): boolean {
  const { envelope, receivedAt } = onBestPath(message, settings, null);
  if (envelope.reversePath !== "") return false;
  const path = readReturnPath(envelope.forwardPath, settings.returnPath, receivedAt);
  return path !== null && path.scheme !== "plain" && path.check !== "bad" && path.check !== "unknown-key";
}
