/** Zendesk: developer.zendesk.com, Search, Tickets, Ticket Audits, Tags; Message-IDs as in mail of Zendesk's. */
import { startFakeApi, type FakeAnswer, type FakeRequest } from "../../../sync/fakes/fake-api.ts";
import { KEY, type FakeDesk } from "./fake-desk.ts";

interface Ticket {
  readonly subject: string;
  readonly encoded_id: string;
  readonly requester_id: number;
  readonly tags: string[];
  readonly audits: object[];
  readonly notes: string[];
}

const USER = "bounced@example.com";
const ok = (json: unknown): FakeAnswer => ({ status: 200, json });
const notFound: FakeAnswer = { status: 404, json: { error: "RecordNotFound", description: "Not found" } };

export async function startFakeZendesk(): Promise<FakeDesk> {
  const tickets = new Map<number, Ticket>();
  const users: string[] = [];
  const answer = (request: FakeRequest): FakeAnswer => {
    const expected = `Basic ${Buffer.from(`${USER}/token:${KEY}`).toString("base64")}`;
    if (request.headers.authorization !== expected)
      return { status: 401, json: { error: "Couldn't authenticate you" } };
    const { method, url } = request;
    if (url.pathname === "/api/v2/users/me.json") return ok({ user: { id: 1, email: USER, role: "agent" } });
    if (url.pathname === "/api/v2/search.json") {
      const [, email] = /^type:ticket requester:(\S+)$/.exec(url.searchParams.get("query") ?? "") ?? [];
      const found = [...tickets].filter(([, { requester_id }]) => users[requester_id - 100] === email).toReversed();
      return ok({ results: found.map(([id]) => ({ id, result_type: "ticket" })), count: found.length });
    }
    const [, number, what = ""] = /^\/api\/v2\/tickets\/(\d+)(?:\/(\w+))?\.json$/.exec(url.pathname) ?? [];
    const id = Number(number);
    const ticket = tickets.get(id);
    if (!ticket) return notFound;
    const { subject, encoded_id, requester_id, tags, audits, notes } = ticket;
    const shown = { id, subject, encoded_id, requester_id, assignee_id: 1, collaborator_ids: [], tags };
    if (method === "GET" && what === "")
      return ok({
        ticket: shown,
        users: [
          { id: 1, email: USER },
          { id: requester_id, email: users[requester_id - 100] },
        ],
      });
    if (method === "GET" && what === "audits") {
      const number = (name: string): number => Number(url.searchParams.get(name));
      const to = number("per_page") * number("page");
      const from = to - number("per_page");
      return ok({
        audits: audits.slice(from, to),
        count: audits.length,
        next_page: to < audits.length ? `${url.origin}${url.pathname}?page=${number("page") + 1}` : null,
      });
    }
    if (method === "PUT" && what === "") {
      const { comment } = (request.body as { ticket: { comment: { html_body: string; public: boolean } } }).ticket;
      if (comment.public) return { status: 422, json: { error: "RecordInvalid" } };
      notes.push(comment.html_body);
      const body = comment.html_body.replaceAll(/<[^>]+>/g, "");
      audits.push({ metadata: { system: {} }, events: [{ type: "Comment", public: false, body }] });
      return ok({ ticket: shown });
    }
    if (method === "PUT" && what === "tags") {
      tags.push(...(request.body as { tags: string[] }).tags);
      return ok({ tags });
    }
    return notFound;
  };
  const api = await startFakeApi(answer);
  return {
    api,
    settings: { type: "zendesk", user: USER, key: KEY },
    add({ address, subject, messageId }) {
      const id = tickets.size + 1;
      if (!users.includes(address)) users.push(address);
      const encoded = `L7VKG${String(id).padStart(5, "0")}`;
      const system = { message_id: messageId, raw_email_identifier: `1/${id}.eml` };
      tickets.set(id, {
        subject,
        encoded_id: `${encoded.slice(0, 6)}-${encoded.slice(6)}`,
        requester_id: users.indexOf(address) + 100,
        tags: ["email"],
        audits: [
          { metadata: { system }, events: [{ type: "Comment", public: true, body: "Hello?" }] },
          { metadata: { system: {} }, events: [{ type: "Comment", public: true, body: "Hello!" }] },
        ],
        notes: [],
      });
      return { id: String(id), reply: `<${encoded}_5fd908fd52382_52d765b81249e4_sprut@zendesk.com>` };
    },
    notes: (id) => tickets.get(Number(id))?.notes ?? [],
    tags: (id) => tickets.get(Number(id))?.tags ?? [],
  };
}
