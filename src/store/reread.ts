/** A stored event read again with the rules of today: from its message where that is kept, else from its own fields. */
import { classify, emptyRefusal } from "../core/classify/classify.ts";
import type { Refusal } from "../core/classify/verdict.ts";
import type { BouncedEvent } from "../core/event.ts";
import type { MessageInput } from "../core/message-input.ts";
import { readMessage } from "../core/read-message.ts";
import type { ReadSettings } from "../core/read-settings.ts";
import type { Reread } from "./reclassify.ts";

export const rereadWith =
  (settings: ReadSettings): Reread =>
  async (event, raw) => {
    if (raw === null) return fromFields(event, settings);
    const events = await readMessage(inputOf(event, raw), settings);
    return events.find(({ id }) => id === event.id) ?? null;
  };

/** The message as it came in. */
export const inputOf = ({ message }: BouncedEvent, raw: Buffer): MessageInput => ({
  octets: raw,
  size: message.size,
  sha256: message.sha256,
  truncated: message.truncated,
  receivedAt: message.receivedAt,
  envelope: message.envelope,
  remoteAddress: message.remoteAddress,
});

/** Only failures with a diagnostic: what the human part of a message said is not in the event. */
function fromFields(event: BouncedEvent, settings: ReadSettings): BouncedEvent | null {
  if ((event.kind !== "bounce" && event.kind !== "delay") || event.diagnostic === null) return null;
  const { codes, ...verdict } = classify(refusalOf(event), settings);
  return { ...event, ...verdict, codes, evidence: [...verdict.evidence] };
}

/** What the event still says of the refusal it came from. */
export const refusalOf = (event: BouncedEvent): Refusal => ({
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
