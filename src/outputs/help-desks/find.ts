/**
 * Finding the conversation that a mail belongs to. The Message-IDs and the header of a report came back through strangers'
 * hands, and only its recipient is proven: a conversation without that person is never the one, whatever leads to it.
 */
import type { BouncedEvent } from "../../event/event.ts";
import { AnswerTooLong } from "../api/errors.ts";
import type { DeskConversation, HelpDesk } from "./help-desk.ts";

export interface Sought {
  /** Whom we wrote to, in lower case. */
  readonly address: string;
  /** Of the mail, what it answers, and what it refers to, the latest first; without brackets. */
  readonly messageIds: readonly string[];
  readonly subject: string | null;
  /** Of the conversation, by the kept header. */
  readonly id: string | null;
}

export const FOUND_BY = ["header", "message-id", "subject"] as const;

export interface Found {
  readonly conversation: DeskConversation;
  readonly by: (typeof FOUND_BY)[number];
}

const MOST_IDS = 12;
const SEARCHED_IDS = 4;
const CONVERSATIONS = 5;
/** Nothing that has a meaning in a search. */
const PLAIN_ADDRESS = /^[^\s"'()<>[\]\\,;:*?|&%]{1,64}@[\p{L}\p{N}.-]{1,253}$/u;
const PLAIN_ID = /^[^\s"'()<>[\]\\,;:*?|&]{1,200}@[^\s"'()<>[\]\\,;:*?|&@]{1,200}$/u;

/** Null where nobody knows the recipient, or no desk can be asked about the address. */
export function soughtOf({ recipient, original }: BouncedEvent, header: string | undefined): Sought | null {
  const address = recipient.mailed?.toLowerCase() ?? "";
  if (!PLAIN_ADDRESS.test(address)) return null;
  const named = [original.messageId, original.inReplyTo, ...original.references.slice(-MOST_IDS).toReversed()];
  const messageIds = named
    .flatMap((text) => (text ?? "").slice(0, 2000).split(/[\s<>,]+/))
    .filter((id) => PLAIN_ID.test(id));
  const [, id = null] = /^\s*#?(\d{1,20})\s*$/.exec((header && original.headers[header]) || "") ?? [];
  return { address, messageIds: [...new Set(messageIds)].slice(0, MOST_IDS), subject: original.subject, id };
}

export async function findConversation(
  desk: HelpDesk,
  sought: Sought,
  { bySubject }: { readonly bySubject: boolean },
): Promise<Found | null> {
  const read = new Map<string, DeskConversation | null>();
  let tooLong: AnswerTooLong | null = null;
  const readOnce = async (id: string): Promise<DeskConversation | null> => {
    if (!read.has(id))
      read.set(
        id,
        await desk.read(id).catch((error: unknown) => {
          if (!(error instanceof AnswerTooLong)) throw error;
          tooLong = error;
          return null;
        }),
      );
    const conversation = read.get(id) ?? null;
    return conversation?.addresses.includes(sought.address) ? conversation : null;
  };
  const named = sought.id === null ? null : await readOnce(sought.id);
  if (named) return { conversation: named, by: "header" };
  const keys = new Set(sought.messageIds.flatMap((id) => [id, ...desk.keysOf(id)]));
  if (desk.search)
    for (const messageId of sought.messageIds.slice(0, SEARCHED_IDS))
      for (const id of (await desk.search(messageId)).slice(0, CONVERSATIONS)) {
        const conversation = await readOnce(id);
        if (conversation && (desk.searchIsExact || conversation.keys.some((key) => keys.has(key))))
          return { conversation, by: "message-id" };
      }
  const latest: DeskConversation[] = [];
  for (const id of (await desk.latest(sought.address)).slice(0, CONVERSATIONS)) {
    const conversation = await readOnce(id);
    if (conversation?.keys.some((key) => keys.has(key))) return { conversation, by: "message-id" };
    if (conversation) latest.push(conversation);
  }
  // It may have been that one.
  if (tooLong !== null) throw tooLong;
  const subject = threadSubject(sought.subject);
  if (!bySubject || subject === null) return null;
  const [conversation, another] = latest.filter((one) => threadSubject(one.subject) === subject);
  return conversation && !another ? { conversation, by: "subject" } : null;
}

/** What is left of a subject without `Re:`, `AW:` and `[#123]`; null where that is too little to tell two mails apart. */
export function threadSubject(subject: string | null): string | null {
  let text = (subject ?? "").slice(0, 500).replaceAll(/\[[^[\]]{0,80}\d[^[\]]{0,20}\]/g, " ");
  for (let before = ""; before !== text;) {
    before = text;
    text = text.trim().replace(/^(?:re|aw|antw|sv|vs|res|ref|rv|tr|fwd?|wg|i|r)\s?(?:\[\d{1,3}\])?[:：]/i, "");
  }
  text = text.replaceAll(/\s+/g, " ").toLowerCase();
  return text.length < 4 ? null : text;
}
