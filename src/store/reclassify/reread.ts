/** A stored event read again with the rules of today: from its message where that is kept, else from its own fields. */
import {
  classifyAndExplain,
  emptyRefusal,
  type MessageInput,
  readMessage,
  type ReadSettings,
  type Refusal,
  REFUSAL_FORMAT,
  type Trust,
  TRUST_WARNINGS,
  trusted,
} from "../../core/index.ts";
import type { BouncedEvent } from "../../event/event.ts";
import type { Reread } from "./reclassify.ts";

export const rereadWith =
  (settings: ReadSettings): Reread =>
  async (event, raw) => {
    if (raw === null) return fromFields(event, settings);
    const events = await readMessage(inputOf(event, raw), settings);
    return events.find(({ id }) => id === event.id) ?? null;
  };

/** What was proven when it came stays so: keys expire and are replaced. */
const trustOf = ({ authenticity, proof, recipient, returnPath, warnings }: Omit<BouncedEvent, "message">): Trust => ({
  authenticity,
  proof,
  mailed: recipient.mailed,
  path: returnPath,
  warnings: warnings.filter(({ code }) => TRUST_WARNINGS.has(code)) as Trust["warnings"],
});

/** The message as it came in, and what was judged of this event then. */
export const inputOf = ({ message, ...event }: BouncedEvent, raw: Buffer): MessageInput => ({
  octets: raw,
  size: message.size,
  sha256: message.sha256,
  truncated: message.truncated,
  receivedAt: message.receivedAt,
  envelope: message.envelope,
  remoteAddress: message.remoteAddress,
  signals: event.signals,
  isRefusal: event.format === REFUSAL_FORMAT,
  known: { eventId: event.id, trust: trustOf(event) },
});

/** Only failures with a diagnostic: what the human part of a message said is not in the event. */
function fromFields(event: BouncedEvent, settings: ReadSettings): BouncedEvent | null {
  if ((event.kind !== "bounce" && event.kind !== "delay") || event.diagnostic === null) return null;
  const { authenticity, status } = event;
  const said = classifyAndExplain(recordedRefusal(event), settings);
  const { codes, ...verdict } = trusted(said, { authenticity, status, language: settings.language });
  return { ...event, ...verdict, codes, evidence: [...verdict.evidence] };
}

/** What the event still says of the refusal it came from. */
export const recordedRefusal = (event: BouncedEvent): Refusal => ({
  ...emptyRefusal,
  text: event.diagnostic?.text ?? null,
  status: event.status,
  replyCode: event.replyCode,
  smtpCommand: event.smtpCommand,
  remoteMta: event.remoteMta,
  reportingMta: event.reportingMta,
  software: event.software,
  recipientDomain: event.recipient.domain,
  action: event.action,
});
