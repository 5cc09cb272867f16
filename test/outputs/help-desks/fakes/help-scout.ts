/** Help Scout, Mailbox API 2.0: developer.helpscout.com/mailbox-api, OAuth2, Conversations, Threads, Original Source, Tags. */
import { startFakeApi, type FakeAnswer, type FakeRequest } from "../../../sync/fakes/fake-api.ts";
import { KEY, type FakeDesk } from "./fake-desk.ts";

interface Held {
  readonly email: string;
  readonly subject: string;
  readonly mail: string;
  readonly notes: string[];
  tags: string[];
}

const TOKEN = "a-token-of-two-days";
const ok = (json: unknown): FakeAnswer => ({ status: 200, json });
const notFound: FakeAnswer = { status: 404, json: { message: "Not Found" } };

export async function startFakeHelpScout(): Promise<FakeDesk> {
  const conversations = new Map<number, Held>();
  const answer = (request: FakeRequest): FakeAnswer => {
    const { method, url, body } = request;
    if (method === "POST" && url.pathname === "/v2/oauth2/token") {
      const form = new URLSearchParams(request.text);
      const isKnown = form.get("client_id") === "app-1" && form.get("client_secret") === KEY;
      return isKnown && form.get("grant_type") === "client_credentials"
        ? ok({ token_type: "bearer", access_token: TOKEN, expires_in: 172_800 })
        : { status: 401, json: { error: "invalid_client" } };
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, json: { message: "Unauthorized" } };
    if (url.pathname === "/v2/users/me") return ok({ id: 4, email: "bounced@example.com" });
    if (url.pathname === "/v2/conversations") {
      const [, email] = /^\(email:"([^"]+)"\)$/.exec(url.searchParams.get("query") ?? "") ?? [];
      const found = [...conversations].filter((one) => one[1].email === email).toReversed();
      // Without results there is nothing embedded.
      return ok(found.length === 0 ? { page: {} } : { _embedded: { conversations: found.map(([id]) => ({ id })) } });
    }
    const [, number, what = "", thread] =
      /^\/v2\/conversations\/(\d+)(?:\/(\w+)(?:\/(\d+)\/original-source)?)?$/.exec(url.pathname) ?? [];
    const held = conversations.get(Number(number));
    if (!held) return notFound;
    if (method === "GET" && what === "") {
      const { email, subject, tags, notes } = held;
      const customer = { id: 9, email };
      const threads = [
        ...notes.map((text, at) => ({ id: 50 + at, type: "note", body: text })).toReversed(),
        { id: 12, type: "message", body: "Hello!", to: [email], customer, source: { type: "web", via: "user" } },
        { id: 11, type: "customer", body: "Hello?", to: [], customer, source: { type: "email", via: "customer" } },
      ];
      return ok({
        id: Number(number),
        subject,
        primaryCustomer: customer,
        tags: tags.map((tag, at) => ({ id: at, tag, color: "none" })),
        _embedded: { threads },
      });
    }
    if (method === "GET" && thread === "11") return ok({ original: held.mail });
    if (method === "POST" && what === "notes") {
      held.notes.push((body as { text: string }).text);
      return { status: 201, headers: { "resource-id": String(49 + held.notes.length) } };
    }
    if (method === "PUT" && what === "tags") {
      held.tags = (body as { tags: string[] }).tags;
      return { status: 204 };
    }
    return notFound;
  };
  const api = await startFakeApi(answer);
  return {
    api,
    settings: { type: "helpscout", appId: "app-1", key: KEY },
    add({ address, subject, messageId }) {
      const id = conversations.size + 1;
      const mail = `From: ${address}\r\nSubject: ${subject}\r\nMessage-Id: ${messageId}\r\n\r\nHello?\r\nMessage-ID: <no@header.test>\r\n`;
      conversations.set(id, { email: address, subject, mail, notes: [], tags: ["vip"] });
      return { id: String(id), reply: null };
    },
    notes: (id) => conversations.get(Number(id))?.notes ?? [],
    tags: (id) => conversations.get(Number(id))?.tags ?? [],
  };
}
