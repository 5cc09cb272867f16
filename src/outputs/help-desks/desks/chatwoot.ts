/**
 * Chatwoot. Its own mail has the conversation's UUID in the Message-ID; mail that came in is kept with its Message-ID as
 * `source_id`. Notes are Markdown. Labels that the account does not have are ignored.
 * https://developers.chatwoot.com/api-reference, https://github.com/chatwoot/chatwoot
 */
import { z } from "zod";
import { readSecret } from "../../api/calls.ts";
import { RefusedRequest } from "../../api/errors.ts";
import { mailAddressesIn, bareId, openDeskCalls, queryOf } from "../desk-calls.ts";
import type { HelpDesk } from "../help-desk.ts";
import type { HelpDeskOf } from "../settings.ts";

const BASE = "https://app.chatwoot.com";
const PER_SECOND = 5;
/** `<conversation/UUID/messages/ID@domain>`, and `<account/ID/conversation/UUID@domain>` in the references of its mail. */
const OWN = /^(?:account\/\d+\/)?conversation\/([0-9a-f-]{36})(?:\/messages\/\d+)?@/;

const id = z.number().int().transform(String);
const text = z.string().nullish();
const contactsSchema = z.object({ payload: z.array(z.object({ id, email: text })) });
const conversationsSchema = z.object({ payload: z.array(z.object({ id })) });
const conversationSchema = z.object({
  id,
  uuid: text,
  meta: z.object({ sender: z.object({ email: text }).nullish() }).nullish(),
  labels: z.array(z.string()).nullish(),
  additional_attributes: z.looseObject({ mail_subject: text }).nullish(),
});
const emails = z.union([z.array(z.string()), z.string()]).nullish();
const messagesSchema = z.object({
  payload: z.array(
    z.object({
      content: text,
      source_id: text,
      content_attributes: z
        .looseObject({
          to_emails: emails,
          cc_emails: emails,
          email: z.looseObject({ message_id: text }).nullish(),
        })
        .nullish(),
    }),
  ),
});
const labelsSchema = z.object({ payload: z.array(z.string()) });
const accountLabelsSchema = z.object({ payload: z.array(z.object({ title: z.string() })) });
const profileSchema = z.object({ name: text, email: text, accounts: z.array(z.object({ id })).nullish() });

export function openChatwoot(settings: HelpDeskOf<"chatwoot">): HelpDesk {
  const { accountId, mark } = settings;
  const calls = openDeskCalls(settings, {
    base: BASE,
    perSecond: PER_SECOND,
    sign: () => ({ api_access_token: readSecret(settings) }),
  });
  const account = `/api/v1/accounts/${accountId}`;
  return {
    keysOf(messageId) {
      const [, uuid] = OWN.exec(messageId) ?? [];
      return uuid === undefined ? [] : [`conversation/${uuid}`];
    },
    async latest(address) {
      const { payload } = await calls.get(`${account}/contacts/search?${queryOf({ q: address })}`, contactsSchema);
      const contact = payload.find(({ email }) => email?.toLowerCase() === address);
      if (!contact) return [];
      const found = await calls.get(`${account}/contacts/${contact.id}/conversations`, conversationsSchema);
      return found.payload.map((conversation) => conversation.id);
    },
    async read(conversationId) {
      const path = `${account}/conversations/${conversationId}`;
      const conversation = await calls.find(path, conversationSchema);
      // The last twenty.
      const messages = conversation && (await calls.get(`${path}/messages`, messagesSchema));
      if (!messages) return null;
      const all = messages.payload;
      return {
        id: conversation.id,
        subject: conversation.additional_attributes?.mail_subject ?? null,
        addresses: mailAddressesIn(
          conversation.meta?.sender?.email,
          ...all.flatMap(({ content_attributes: of }) => [of?.to_emails, of?.cc_emails]).flat(),
        ),
        keys: [
          ...(conversation.uuid ? [`conversation/${conversation.uuid}`] : []),
          ...all.flatMap(({ source_id, content_attributes: of }) => [
            ...bareId(source_id),
            ...bareId(of?.email?.message_id),
          ]),
        ],
        texts: all.map(({ content }) => content ?? ""),
        tags: conversation.labels ?? [],
      };
    },
    async addNote(conversation, { markdown }) {
      const body = { content: markdown, message_type: "outgoing", private: true };
      await calls.send({ method: "POST", path: `${account}/conversations/${conversation.id}/messages`, body });
    },
    async mark(conversation, tag) {
      // The list that is sent replaces the one that is there.
      const body = { labels: [...conversation.tags, tag] };
      const request = { method: "POST", path: `${account}/conversations/${conversation.id}/labels`, body } as const;
      const labels = labelsSchema.safeParse((await calls.send(request)).json).data?.payload ?? [];
      if (!labels.includes(tag)) throw new RefusedRequest(`the account has no label ${tag}`, 422);
    },
    async check() {
      const { name, email, accounts } = await calls.get("/api/v1/profile", profileSchema);
      const { payload } = await calls.get(`${account}/labels`, accountLabelsSchema);
      const isMember = accounts?.some((one) => one.id === accountId) ?? true;
      return {
        who: name ?? email ?? "an agent",
        problem: !isMember
          ? { found: `it is of no member of account ${accountId}`, todo: "correct accountId in bounced.yaml" }
          : mark !== false && !payload.some(({ title }) => title === mark)
            ? { found: `the account has no label ${mark}`, todo: `add the label ${mark} in Chatwoot, Settings, Labels` }
            : null,
      };
    },
  };
}
