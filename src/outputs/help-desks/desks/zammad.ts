/**
 * Zammad. Articles have the Message-ID of the mail they came or went as. Only with Elasticsearch are they searchable by
 * it, so the tickets of the customer are looked through as well.
 * https://docs.zammad.org/en/latest/api/intro.html, https://github.com/zammad/zammad
 */
import { z } from "zod";
import { readSecret } from "../../api/calls.ts";
import { RefusedRequest } from "../../api/errors.ts";
import { mailAddressesIn, bareId, openDeskCalls, queryOf } from "../desk-calls.ts";
import type { HelpDesk } from "../help-desk.ts";
import type { HelpDeskOf } from "../settings.ts";

const PER_SECOND = 5;
const id = z.number().int().transform(String);
const ticketSchema = z.object({ id, title: z.string().nullish(), customer: z.string().nullish() });
/** With `expand`, by version a list or a list in a key. */
const foundSchema = z.union([z.array(z.object({ id })), z.object({ tickets: z.array(z.object({ id })) })]);
const usersSchema = z.array(z.object({ id, email: z.string().nullish() }));
const ofCustomerSchema = z.object({
  ticket_ids_open: z.array(z.number().int()).default([]),
  ticket_ids_closed: z.array(z.number().int()).default([]),
});
const text = z.string().nullish();
const articlesSchema = z.array(z.object({ from: text, to: text, cc: text, message_id: text, body: text }));
const meSchema = z.object({ login: text, email: text });
const noteSchema = z.object({ internal: z.boolean() });

export function openZammad(settings: HelpDeskOf<"zammad">): HelpDesk {
  const calls = openDeskCalls(settings, {
    base: settings.url,
    perSecond: PER_SECOND,
    sign: () => ({ authorization: `Token token=${readSecret(settings)}` }),
  });
  return {
    keysOf: () => [],
    async search(messageId) {
      const query = queryOf({ query: `article.message_id:"${messageId}"`, limit: "5", expand: "true" });
      const found = await calls.get(`/api/v1/tickets/search?${query}`, foundSchema);
      return ("tickets" in found ? found.tickets : found).map((ticket) => ticket.id);
    },
    async latest(address) {
      const users = await calls.get(`/api/v1/users/search?${queryOf({ query: address, limit: "10" })}`, usersSchema);
      const user = users.find(({ email }) => email?.toLowerCase() === address);
      if (!user) return [];
      const tickets = await calls.get(`/api/v1/ticket_customer?${queryOf({ customer_id: user.id })}`, ofCustomerSchema);
      const ids = [...tickets.ticket_ids_open, ...tickets.ticket_ids_closed];
      return ids.sort((one, other) => other - one).map(String);
    },
    async read(ticketId) {
      const ticket = await calls.find(`/api/v1/tickets/${ticketId}?expand=true`, ticketSchema);
      const articles = ticket && (await calls.get(`/api/v1/ticket_articles/by_ticket/${ticketId}`, articlesSchema));
      if (!articles) return null;
      return {
        id: ticket.id,
        subject: ticket.title ?? null,
        addresses: mailAddressesIn(ticket.customer, ...articles.flatMap(({ from, to, cc }) => [from, to, cc])),
        keys: articles.flatMap(({ message_id }) => bareId(message_id)),
        texts: articles.map(({ body }) => body ?? ""),
        // Adding one that is there changes nothing.
        tags: [],
      };
    },
    async addNote(conversation, { html }) {
      const body = {
        ticket_id: Number(conversation.id),
        subject: "",
        body: html,
        content_type: "text/html",
        type: "note",
        sender: "Agent",
        internal: true,
      };
      const { json } = await calls.send({ method: "POST", path: "/api/v1/ticket_articles", body });
      // Of somebody who is no agent Zammad makes the note public, whatever is asked.
      if (noteSchema.safeParse(json).data?.internal === false)
        throw new RefusedRequest("the note became public, because the key is no agent's", 403);
    },
    async mark(conversation, tag) {
      const body = { object: "Ticket", o_id: Number(conversation.id), item: tag };
      await calls.send({ method: "POST", path: "/api/v1/tags/add", body });
    },
    async check() {
      const { login, email } = await calls.get("/api/v1/users/me", meSchema);
      const who = login ?? email ?? "an agent";
      // Customers may not search users.
      const users = await calls.find(`/api/v1/users/search?${queryOf({ query: who, limit: "1" })}`, usersSchema);
      return {
        who,
        problem: users
          ? null
          : {
              found: `${who} is no agent, and what others than agents write is public`,
              todo: "use the token of an agent, with the permission ticket.agent",
            },
      };
    },
  };
}
