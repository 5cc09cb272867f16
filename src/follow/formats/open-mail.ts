/**
 * Mail that is in an MTA's queue, by queue id: its lines name sender, Message-ID and recipients one by one. Bounded: the
 * mail that was spoken of longest ago goes first, and then its refusals lack what the earlier lines said.
 */
import { z } from "zod";
import type { ReportedRefusalInput } from "../../core/index.ts";

const MAX_MAILS = 50_000;
const MAX_DELAYED = 1000;
/** So small a part of them is forgotten at once where there are too many. */
const FORGOTTEN = 10;

const mailSchema = z.object({
  /** Envelope sender; `""`: a notice, which is no mail that somebody waits to hear of. */
  sender: z.string().optional(),
  messageId: z.string().optional(),
  /** The last delay of each recipient: when the mail expires, that is why. */
  delayed: z.array(z.custom<ReportedRefusalInput>((value) => isRefusal(value))).default([]),
});

const isRefusal = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "recipient" in value && typeof value.recipient === "string";

export interface OpenMail {
  sender?: string | undefined;
  messageId?: string | undefined;
  delayed: Map<string, ReportedRefusalInput>;
}

export interface OpenMails {
  /** Made where there is none. */
  of(id: string): OpenMail;
  get(id: string): OpenMail | undefined;
  close(id: string): void;
  delay(id: string, refusal: ReportedRefusalInput): void;
  state(): unknown;
}

export function openMails(state: unknown, maxMails: number = MAX_MAILS): OpenMails {
  const mails = new Map<string, OpenMail>();
  for (const [id, { delayed, ...mail }] of z.array(z.tuple([z.string(), mailSchema])).safeParse(state).data ?? [])
    mails.set(id, { ...mail, delayed: new Map(delayed.map((refusal) => [refusal.recipient, refusal])) });
  /** Many at a time: each look for the oldest one passes those that were deleted before. */
  const forget = (count: number): void => {
    let left = count;
    for (const id of mails.keys()) {
      if (left-- <= 0) break;
      mails.delete(id);
    }
  };
  const of = (id: string): OpenMail => {
    const known = mails.get(id);
    if (known) return known;
    const mail: OpenMail = { delayed: new Map() };
    mails.set(id, mail);
    if (mails.size > maxMails) forget(maxMails / FORGOTTEN);
    return mail;
  };
  return {
    of,
    get: (id) => mails.get(id),
    close: (id) => void mails.delete(id),
    delay(id, refusal) {
      const mail = of(id);
      // Moved to the end: it was spoken of just now.
      mails.delete(id);
      mails.set(id, mail);
      if (mail.delayed.size < MAX_DELAYED || mail.delayed.has(refusal.recipient))
        mail.delayed.set(refusal.recipient, refusal);
    },
    state: () => [...mails].map(([id, { delayed, ...mail }]) => [id, { ...mail, delayed: [...delayed.values()] }]),
  };
}

/** What is known of the mail, for a refusal of it. */
export const knownFieldsOf = (mail: OpenMail | undefined): Partial<ReportedRefusalInput> => ({
  ...(mail?.sender ? { returnPath: mail.sender } : {}),
  ...(mail?.messageId ? { messageId: mail.messageId } : {}),
});

/** Every recipient that was still delayed has failed now, for the reason of the last delay. */
export const expired = (mail: OpenMail | undefined, at: string): readonly ReportedRefusalInput[] =>
  [...(mail?.delayed.values() ?? [])].map((refusal) => ({ ...refusal, action: "failed", at }));
