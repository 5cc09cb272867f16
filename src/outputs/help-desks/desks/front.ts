/**
 * Front. A message can be asked for by its uid, which of mail is its Message-ID as far as known; the headers that the API
 * shows of a message are compared too. Comments are Markdown.
 * https://dev.frontapp.com/docs/resource-aliases-1, https://dev.frontapp.com/reference/messages
 */
import { z } from "zod";
import { readSecret } from "../../api/calls.ts";
import { RefusedRequest } from "../../api/errors.ts";
import { mailAddressesIn, bareId, openDeskCalls, queryOf } from "../desk-calls.ts";
import type { HelpDesk } from "../help-desk.ts";
import type { HelpDeskOf } from "../settings.ts";

const BASE = "https://api2.frontapp.com";
/** 50 requests a minute in the smallest plan, for all programs of a company: half is left to others. */
const PER_SECOND = 0.4;

const id = z.string().regex(/^[a-z]+_\w+$/);
const text = z.string().nullish();
const recipients = z.array(z.looseObject({ handle: text })).nullish();
const messageSchema = z.looseObject({
  id,
  message_uid: text,
  recipients,
  metadata: z.looseObject({ headers: z.looseObject({ in_reply_to: text }).nullish() }).nullish(),
  _links: z.looseObject({ related: z.looseObject({ conversation: text }).nullish() }).nullish(),
});
const messagesSchema = z.object({ _results: z.array(messageSchema) });
const conversationsSchema = z.object({ _results: z.array(z.looseObject({ id })) });
const conversationSchema = z.looseObject({
  id,
  subject: text,
  recipient: z.looseObject({ handle: text }).nullish(),
  tags: z.array(z.looseObject({ id, name: text })).nullish(),
});
const commentsSchema = z.object({ _results: z.array(z.looseObject({ body: text })) });
const tagsSchema = z.object({
  _results: z.array(z.looseObject({ id, name: text })),
  _pagination: z.looseObject({ next: text }).nullish(),
});
const meSchema = z.looseObject({ name: text });
/** Of a hundred tags each. */
const TAG_PAGES = 10;

export function openFront(settings: HelpDeskOf<"front">): HelpDesk {
  const { mark, authorId } = settings;
  const calls = openDeskCalls(settings, {
    base: BASE,
    perSecond: PER_SECOND,
    sign: () => ({ authorization: `Bearer ${readSecret(settings)}` }),
  });
  async function tagIdOf(name: string): Promise<string | null> {
    let query = queryOf({ limit: "100" });
    for (let page = 0; page < TAG_PAGES; page++) {
      const { _results, _pagination } = await calls.get(`/tags?${query}`, tagsSchema);
      const tag = _results.find((one) => one.name === name);
      const token = _pagination?.next ? new URL(_pagination.next).searchParams.get("page_token") : null;
      if (tag || token === null) return tag?.id ?? null;
      query = queryOf({ limit: "100", page_token: token });
    }
    return null;
  }
  return {
    keysOf: () => [],
    searchIsExact: true,
    async search(messageId) {
      const message = await calls.find(`/messages/alt:uid:${encodeURIComponent(messageId)}`, messageSchema);
      const link = message?._links?.related?.conversation?.split("/").at(-1) ?? "";
      return /^cnv_\w+$/.test(link) ? [link] : [];
    },
    async latest(address) {
      const query = encodeURIComponent(`recipient:${address}`);
      const found = await calls.get(`/conversations/search/${query}?${queryOf({ limit: "5" })}`, conversationsSchema);
      return found._results.map((conversation) => conversation.id);
    },
    async read(conversationId) {
      // The header of the mail has the number of the address in Front, of which this is the name in the API.
      const name = /^\d+$/.test(conversationId) ? `cnv_${BigInt(conversationId).toString(36)}` : conversationId;
      const conversation = await calls.find(`/conversations/${name}`, conversationSchema);
      const messages = conversation && (await calls.get(`/conversations/${name}/messages`, messagesSchema));
      const comments = messages && (await calls.get(`/conversations/${name}/comments`, commentsSchema));
      if (!comments) return null;
      const all = messages._results;
      return {
        id: conversation.id,
        subject: conversation.subject ?? null,
        addresses: mailAddressesIn(
          conversation.recipient?.handle,
          ...all.flatMap((message) => (message.recipients ?? []).map(({ handle }) => handle)),
        ),
        keys: all.flatMap(({ message_uid, metadata }) => [
          ...bareId(message_uid),
          ...bareId(metadata?.headers?.in_reply_to),
        ]),
        texts: comments._results.map(({ body }) => body ?? ""),
        tags: (conversation.tags ?? []).flatMap((tag) => tag.name ?? []),
      };
    },
    async addNote(conversation, { markdown }) {
      const body = { body: markdown, ...(authorId === undefined ? {} : { author_id: authorId }) };
      await calls.send({ method: "POST", path: `/conversations/${conversation.id}/comments`, body });
    },
    async mark(conversation, tag) {
      const tagId = await tagIdOf(tag);
      if (tagId === null) throw new RefusedRequest(`there is no tag ${tag}`, 404);
      const body = { tag_ids: [tagId] };
      await calls.send({ method: "POST", path: `/conversations/${conversation.id}/tags`, body });
    },
    async check() {
      const { name } = await calls.get("/me", meSchema);
      const isMissing = mark !== false && (await tagIdOf(mark)) === null;
      return {
        who: name ?? "the company",
        problem: isMissing
          ? { found: `there is no tag ${mark}`, todo: `create the tag ${mark} in Front, Settings, Tags` }
          : null,
      };
    },
  };
}
