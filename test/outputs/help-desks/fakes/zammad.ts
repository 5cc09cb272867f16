/**
 * Zammad: app/controllers/{tickets,ticket_articles,users,tags}_controller.rb, lib/search_index_backend.rb.
 * A search by `article.message_id` needs Elasticsearch.
 */
import { startFakeApi, type FakeAnswer, type FakeRequest } from "../../../sync/fakes/fake-api.ts";
import { KEY, type FakeDesk } from "./fake-desk.ts";

interface Article {
  readonly ticket_id: number;
  readonly from: string;
  readonly to: string | null;
  readonly cc: string | null;
  readonly message_id: string | null;
  readonly body: string;
  readonly type: string;
  readonly internal: boolean;
}

const ok = (json: unknown, status = 200): FakeAnswer => ({ status, json });
const notFound: FakeAnswer = { status: 404, json: { error: "Couldn't find Ticket" } };

export async function startFakeZammad({ elasticsearch }: { readonly elasticsearch: boolean }): Promise<FakeDesk> {
  const tickets = new Map<number, { readonly title: string; readonly customer: string }>();
  const articles: Article[] = [];
  const tags = new Map<number, Set<string>>();
  const customers: string[] = [];
  const answer = (request: FakeRequest): FakeAnswer => {
    if (request.headers.authorization !== `Token token=${KEY}`)
      return { status: 401, json: { error: "Authentication required" } };
    const { method, url } = request;
    const path = url.pathname;
    const [, ofTicket] = /^\/api\/v1\/(?:tickets|ticket_articles\/by_ticket)\/(\d+)$/.exec(path) ?? [];
    const id = Number(ofTicket);
    if (path === "/api/v1/users/me") return ok({ id: 3, login: "bounced@example.com", email: "bounced@example.com" });
    if (path === "/api/v1/tickets/search") {
      const [, wanted] = /^article\.message_id:"([^"]+)"$/.exec(url.searchParams.get("query") ?? "") ?? [];
      const found = elasticsearch
        ? articles.filter(({ message_id }) => message_id === `<${wanted}>`).map(({ ticket_id }) => ticket_id)
        : [];
      return ok([...new Set(found)].map((one) => ({ id: one, number: `650${one}` })));
    }
    if (path === "/api/v1/users/search") {
      const query = url.searchParams.get("query") ?? "";
      // Names and notes are searched too: somebody else may come first.
      const found = customers.flatMap((email, at) => (email.includes(query) ? [{ id: at + 100, email }] : []));
      return ok([{ id: 99, email: "else@example.net", note: query }, ...found]);
    }
    if (path === "/api/v1/ticket_customer") {
      const email = customers[Number(url.searchParams.get("customer_id")) - 100];
      const theirs = [...tickets].filter(([, { customer }]) => customer === email).map(([one]) => one);
      return ok({ ticket_ids_open: theirs, ticket_ids_closed: [], assets: {} });
    }
    if (method === "GET" && path.startsWith("/api/v1/tickets/"))
      return tickets.has(id) ? ok({ id, number: `650${id}`, ...tickets.get(id) }) : notFound;
    if (method === "GET" && ofTicket !== undefined)
      return tickets.has(id) ? ok(articles.filter(({ ticket_id }) => ticket_id === id)) : notFound;
    if (method === "POST" && path === "/api/v1/ticket_articles") {
      const article = request.body as Article;
      if (!tickets.has(article.ticket_id)) return notFound;
      articles.push({ ...article, from: "bounced", to: null, cc: null, message_id: null });
      return ok({ id: articles.length, ...article }, 201);
    }
    if (method === "POST" && path === "/api/v1/tags/add") {
      const { object, o_id, item } = request.body as { object: string; o_id: number; item: string };
      if (object !== "Ticket" || !tickets.has(o_id)) return { status: 422, json: { error: "no such object" } };
      tags.set(o_id, (tags.get(o_id) ?? new Set()).add(item));
      return ok(true, 201);
    }
    return { status: 404, json: { error: `No route matches [${method}] ${path}` } };
  };
  const api = await startFakeApi(answer);
  return {
    api,
    settings: { type: "zammad", key: KEY },
    add({ address, subject, messageId }) {
      const id = tickets.size + 1;
      tickets.set(id, { title: subject, customer: address });
      if (!customers.includes(address)) customers.push(address);
      const reply = `<20261130101500.${id}.3f0e6a56-3c1c-4a57-9d0a-8f4c2ad6a1c0@desk.example.com>`;
      const shared = { ticket_id: id, cc: null, type: "email", internal: false };
      articles.push(
        { ...shared, from: `Customer <${address}>`, to: "help@example.com", message_id: messageId, body: "Hello?" },
        { ...shared, from: "Help <help@example.com>", to: address, message_id: reply, body: "Hello!" },
      );
      return { id: String(id), reply };
    },
    notes: (id) =>
      articles
        .filter(({ ticket_id, type, internal }) => ticket_id === Number(id) && type === "note" && internal)
        .map(({ body }) => body),
    tags: (id) => [...(tags.get(Number(id)) ?? [])],
  };
}
