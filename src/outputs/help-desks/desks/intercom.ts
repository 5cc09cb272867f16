/**
 * Intercom. A message of a conversation has the Message-ID of its mail in `email_message_metadata.message_id`, so far in
 * the version of the API that is called Unstable; other versions have no way to compare.
 * https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations, Intercom-OpenAPI
 */
import { z } from "zod";
import { readSecret } from "../../api/calls.ts";
import { mailAddressesIn, bareId, openDeskCalls } from "../desk-calls.ts";
import type { HelpDesk } from "../help-desk.ts";
import type { HelpDeskOf } from "../settings.ts";

const BASE = "https://api.intercom.io";
const PER_SECOND = 5;
const VERSION = "2.14";
const WITH_MESSAGE_IDS = "Unstable";

const id = z.union([z.string().regex(/^\w+$/), z.number().int().transform(String)]);
const text = z.string().nullish();
const contactsSchema = z.object({ data: z.array(z.object({ id, email: text })) });
const conversationsSchema = z.object({ conversations: z.array(z.object({ id })) });
const author = z.looseObject({ type: text, email: text }).nullish();
/** What an author is called who is no customer. */
const STAFF: readonly (string | null | undefined)[] = ["admin", "team", "bot"];
const mail = z
  .looseObject({
    message_id: text,
    email_address_headers: z.array(z.looseObject({ type: text, email_address: text })).nullish(),
  })
  .nullish();
const conversationSchema = z.looseObject({
  id,
  title: text,
  source: z.looseObject({ subject: text, body: text, author, email_message_metadata: mail }).nullish(),
  tags: z.looseObject({ tags: z.array(z.looseObject({ name: text })).nullish() }).nullish(),
  conversation_parts: z
    .looseObject({
      conversation_parts: z.array(z.looseObject({ body: text, author, email_message_metadata: mail })).nullish(),
    })
    .nullish(),
});
const tagSchema = z.object({ id });
const meSchema = z.object({ name: text, email: text });
const adminSchema = z.object({ id });

export function openIntercom(settings: HelpDeskOf<"intercom">): HelpDesk {
  const { adminId } = settings;
  const openAt = (version: string) =>
    openDeskCalls(settings, {
      base: BASE,
      perSecond: PER_SECOND,
      sign: () => ({ authorization: `Bearer ${readSecret(settings)}`, "intercom-version": version }),
    });
  const calls = openAt(VERSION);
  const reading = openAt(WITH_MESSAGE_IDS);
  return {
    keysOf: () => [],
    async latest(address) {
      const query = { field: "email", operator: "=", value: address };
      const contacts = await calls.ask({ method: "POST", path: "/contacts/search", body: { query } }, contactsSchema);
      const theirs = contacts.data.filter(({ email }) => email?.toLowerCase() === address).map((one) => one.id);
      if (theirs.length === 0) return [];
      const body = {
        query: { field: "contact_ids", operator: "IN", value: theirs.slice(0, 10) },
        sort: { field: "updated_at", order: "descending" },
        pagination: { per_page: 5 },
      };
      const found = await calls.ask({ method: "POST", path: "/conversations/search", body }, conversationsSchema);
      return found.conversations.map((conversation) => conversation.id);
    },
    async read(conversationId) {
      const found = await reading.find(`/conversations/${conversationId}?display_as=plaintext`, conversationSchema);
      if (!found) return null;
      const parts = [...(found.source ? [found.source] : []), ...(found.conversation_parts?.conversation_parts ?? [])];
      return {
        id: found.id,
        subject: found.source?.subject?.replaceAll(/<[^>]{0,200}>/g, "") || (found.title ?? null),
        addresses: parts.flatMap(({ author: by, email_message_metadata: of }) =>
          mailAddressesIn(
            STAFF.includes(by?.type) ? null : by?.email,
            ...(of?.email_address_headers ?? []).map(({ email_address }) => email_address),
          ),
        ),
        keys: parts.flatMap(({ email_message_metadata: of }) => bareId(of?.message_id)),
        texts: parts.map(({ body }) => body ?? ""),
        tags: (found.tags?.tags ?? []).flatMap(({ name }) => name ?? []),
      };
    },
    async addNote(conversation, { html }) {
      const body = { message_type: "note", type: "admin", admin_id: adminId, body: html };
      await calls.send({ method: "POST", path: `/conversations/${conversation.id}/reply`, body });
    },
    async mark(conversation, tag) {
      // Creating one that there is gives the one that there is.
      const made = await calls.ask({ method: "POST", path: "/tags", body: { name: tag } }, tagSchema);
      const body = { id: made.id, admin_id: adminId };
      await calls.send({ method: "POST", path: `/conversations/${conversation.id}/tags`, body });
    },
    async check() {
      const { name, email } = await calls.get("/me", meSchema);
      const admin = await calls.find(`/admins/${adminId}`, adminSchema);
      return {
        who: name ?? email ?? "an app",
        problem: admin
          ? null
          : { found: `there is no admin ${adminId}`, todo: "set adminId to the id of a teammate (GET /admins)" },
      };
    },
  };
}
