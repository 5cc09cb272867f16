/**
 * FreeScout with its module API & Webhooks. The API shows no Message-IDs; mail of its own has the number of the thread in
 * it: `<reply-THREAD-…@domain>`.
 * https://api-docs.freescout.net, https://github.com/freescout-help-desk/freescout
 */
import { z } from "zod";
import { readSecret } from "../../api/calls.ts";
import { RefusedRequest } from "../../api/errors.ts";
import { mailAddressesIn, openDeskCalls, queryOf } from "../desk-calls.ts";
import type { HelpDesk } from "../help-desk.ts";
import type { HelpDeskOf } from "../settings.ts";

const PER_SECOND = 3;
const OWN = /^(?:auto)?reply-(\d{1,18})-[^@]*@/;

const id = z.number().int().transform(String);
const text = z.string().nullish();
const person = z.looseObject({ email: text }).nullish();
const strings = z.array(z.string()).nullish();
const listSchema = z.object({ _embedded: z.object({ conversations: z.array(z.object({ id })) }) });
const conversationSchema = z.looseObject({
  id,
  subject: text,
  customer: person,
  cc: strings,
  bcc: strings,
  _embedded: z.looseObject({
    threads: z.array(z.looseObject({ id, body: text, to: strings, cc: strings, customer: person })),
    tags: z.array(z.looseObject({ name: text })).nullish(),
  }),
});
const tagsSchema = z.object({ _embedded: z.looseObject({ tags: z.array(z.looseObject({ name: text })) }) });
const userSchema = z.looseObject({ id, email: text });

export function openFreeScout(settings: HelpDeskOf<"freescout">): HelpDesk {
  const { userId } = settings;
  const calls = openDeskCalls(settings, {
    base: settings.url,
    perSecond: PER_SECOND,
    sign: () => ({ "x-freescout-api-key": readSecret(settings) }),
  });
  return {
    keysOf(messageId) {
      const [, thread] = OWN.exec(messageId) ?? [];
      return thread === undefined ? [] : [`thread/${thread}`];
    },
    async latest(address) {
      const parameters = { customerEmail: address, sortField: "updatedAt", sortOrder: "desc", pageSize: "5" };
      const { _embedded } = await calls.get(`/api/conversations?${queryOf(parameters)}`, listSchema);
      return _embedded.conversations.map((conversation) => conversation.id);
    },
    async read(conversationId) {
      const found = await calls.find(`/api/conversations/${conversationId}?embed=threads,tags`, conversationSchema);
      if (!found) return null;
      const { threads, tags } = found._embedded;
      return {
        id: found.id,
        subject: found.subject ?? null,
        addresses: mailAddressesIn(
          found.customer?.email,
          ...(found.cc ?? []),
          ...(found.bcc ?? []),
          ...threads.flatMap(({ to, cc, customer }) => [...(to ?? []), ...(cc ?? []), customer?.email]),
        ),
        keys: threads.map((thread) => `thread/${thread.id}`),
        texts: threads.map(({ body }) => body ?? ""),
        tags: (tags ?? []).flatMap(({ name }) => name ?? []),
      };
    },
    async addNote(conversation, { html }) {
      const body = { type: "note", text: html, user: Number(userId) };
      await calls.send({ method: "POST", path: `/api/conversations/${conversation.id}/threads`, body });
    },
    async mark(conversation, tag) {
      const current = await calls.find(`/api/tags?${queryOf({ conversationId: conversation.id })}`, tagsSchema);
      // Needs the module Tags; without it there is no such list.
      if (!current) throw new RefusedRequest("there are no tags", 404);
      const tags = current._embedded.tags.flatMap(({ name }) => name ?? []);
      // The list that is sent replaces the one that is there.
      const body = { tags: [...new Set([...tags, tag])] };
      await calls.send({ method: "PUT", path: `/api/conversations/${conversation.id}/tags`, body });
    },
    async check() {
      await calls.get(`/api/conversations?${queryOf({ pageSize: "1" })}`, listSchema);
      const user = await calls.find(`/api/users/${userId}`, userSchema);
      return {
        who: user?.email ?? "the installation",
        problem: user ? null : { found: `there is no user ${userId}`, todo: "correct userId in bounced.yaml" },
      };
    },
  };
}
