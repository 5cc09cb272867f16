/**
 * Zendesk. Mail of its own is `<ENCODEDID_…_sprut@zendesk.com>`, and refers to `<ENCODEDID@zendesk.com>`: the ticket's
 * `encoded_id` without its hyphen. Mail that came in is kept with its Message-ID in the audit of its comment.
 * https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/
 */
import { z } from "zod";
import { readSecret } from "../../api/calls.ts";
import { mailAddressesIn, bareId, openDeskCalls, queryOf } from "../desk-calls.ts";
import type { HelpDesk } from "../help-desk.ts";
import type { HelpDeskOf } from "../settings.ts";

const PER_SECOND = 3;
/** Audits of one page; and of a hundred pages, which is as far as pages with numbers go. */
const PAGE = 100;
const MOST_PAGES = 100;
const OWN = /^([A-Z0-9]{6,20})(?:_[0-9a-f]+){0,3}(?:_sprut)?@zendesk\.com$/i;

const id = z.number().int().transform(String);
const text = z.string().nullish();
const foundSchema = z.object({ results: z.array(z.object({ id })) });
const ticketSchema = z.object({
  ticket: z.object({
    id,
    subject: text,
    encoded_id: text,
    requester_id: id.nullish(),
    collaborator_ids: z.array(id).nullish(),
    tags: z.array(z.string()).nullish(),
  }),
  users: z.array(z.object({ id, email: text })).nullish(),
});
const auditsSchema = z.object({
  count: z.number().int().nonnegative().nullish(),
  next_page: text,
  audits: z.array(
    z.object({
      metadata: z.looseObject({ system: z.looseObject({ message_id: text }).nullish() }).nullish(),
      events: z.array(z.looseObject({ type: text, body: z.unknown() })).nullish(),
    }),
  ),
});
const meSchema = z.object({ user: z.object({ email: text, role: text }) });

export function openZendesk(settings: HelpDeskOf<"zendesk">): HelpDesk {
  const calls = openDeskCalls(settings, {
    base: settings.url,
    perSecond: PER_SECOND,
    sign: () => ({
      authorization: `Basic ${Buffer.from(`${settings.user}/token:${readSecret(settings)}`).toString("base64")}`,
    }),
  });
  return {
    keysOf(messageId) {
      const [, encoded] = OWN.exec(messageId) ?? [];
      return encoded === undefined ? [] : [`ticket/${encoded.toUpperCase()}`];
    },
    async latest(address) {
      const query = `type:ticket requester:${address}`;
      const parameters = queryOf({ query, sort_by: "updated_at", sort_order: "desc", per_page: "5" });
      return (await calls.get(`/api/v2/search.json?${parameters}`, foundSchema)).results.map((ticket) => ticket.id);
    },
    async read(ticketId) {
      const found = await calls.find(`/api/v2/tickets/${ticketId}.json?include=users`, ticketSchema);
      if (!found) return null;
      // Oldest first, and no other order is documented. What matters is at both ends.
      const pageOf = (page: number) =>
        calls.get(
          `/api/v2/tickets/${ticketId}/audits.json?${queryOf({ per_page: String(PAGE), page: String(page) })}`,
          auditsSchema,
        );
      const first = await pageOf(1);
      const lastPage = first.next_page ? Math.min(Math.ceil((first.count ?? 0) / PAGE), MOST_PAGES) : 1;
      const audits = [...first.audits, ...(lastPage > 1 ? (await pageOf(lastPage)).audits : [])];
      const { ticket, users } = found;
      const customers = new Set([ticket.requester_id, ...(ticket.collaborator_ids ?? [])]);
      const encoded = ticket.encoded_id?.replaceAll("-", "").toUpperCase();
      return {
        id: ticket.id,
        subject: ticket.subject ?? null,
        addresses: (users ?? []).flatMap((user) => (customers.has(user.id) ? mailAddressesIn(user.email) : [])),
        keys: [
          ...(encoded ? [`ticket/${encoded}`] : []),
          ...audits.flatMap(({ metadata }) => bareId(metadata?.system?.message_id)),
        ],
        texts: audits.flatMap(({ events }) =>
          (events ?? []).flatMap(({ type, body }) => (type === "Comment" && typeof body === "string" ? [body] : [])),
        ),
        tags: ticket.tags ?? [],
      };
    },
    async addNote(conversation, { html }) {
      const body = { ticket: { comment: { html_body: html, public: false } } };
      await calls.send({ method: "PUT", path: `/api/v2/tickets/${conversation.id}.json`, body });
    },
    async mark(conversation, tag) {
      // PUT adds to the tags that are there.
      await calls.send({ method: "PUT", path: `/api/v2/tickets/${conversation.id}/tags.json`, body: { tags: [tag] } });
    },
    async check() {
      const { user } = await calls.get("/api/v2/users/me.json", meSchema);
      // Zendesk answers a wrong key as an anonymous user.
      const isAgent = user.role === "agent" || user.role === "admin";
      return {
        who: user.email ?? "nobody",
        problem: isAgent
          ? null
          : { found: `${user.email ?? "an anonymous user"} is no agent`, todo: "correct user and key in bounced.yaml" },
      };
    },
  };
}
