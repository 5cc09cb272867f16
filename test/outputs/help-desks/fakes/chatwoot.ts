/**
 * Chatwoot: app/controllers/api/v1/accounts/{contacts,conversations}_controller.rb, conversations/{messages,labels},
 * app/views/api/v1/models/_message.json.jbuilder; Message-IDs as in app/mailers/conversation_reply_mailer.rb.
 */
import { startFakeApi, type FakeAnswer, type FakeRequest } from "../../../sync/fakes/fake-api.ts";
import { KEY, type FakeDesk } from "./fake-desk.ts";

interface Message {
  readonly id: number;
  readonly content: string;
  readonly private: boolean;
  readonly source_id: string | null;
  readonly content_attributes: object;
}
interface Held {
  readonly uuid: string;
  readonly email: string;
  readonly subject: string;
  readonly messages: Message[];
  labels: string[];
}

const ACCOUNT = "/api/v1/accounts/7";
const LABELS = ["vip", "undeliverable"];
const ok = (json: unknown): FakeAnswer => ({ status: 200, json });
const notFound: FakeAnswer = { status: 404, json: { error: "Resource could not be found" } };

export async function startFakeChatwoot(): Promise<FakeDesk> {
  const conversations = new Map<number, Held>();
  const contacts: string[] = [];
  const shown = (id: number, { uuid, email, subject, labels }: Held): object => ({
    id,
    uuid,
    labels,
    meta: { sender: { id: contacts.indexOf(email) + 1, email }, channel: "Channel::Email" },
    additional_attributes: { mail_subject: subject },
  });
  const answer = (request: FakeRequest): FakeAnswer => {
    if (request.headers["api_access_token"] !== KEY) return { status: 401, json: { error: "Invalid Access Token" } };
    const { method, url } = request;
    if (url.pathname === "/api/v1/profile")
      return ok({ id: 1, name: "bounced", email: "bounced@example.com", accounts: [{ id: 7, role: "agent" }] });
    if (!url.pathname.startsWith(ACCOUNT)) return notFound;
    const path = url.pathname.slice(ACCOUNT.length);
    if (path === "/labels") return ok({ payload: LABELS.map((title, at) => ({ id: at, title })) });
    if (path === "/contacts/search") {
      const q = url.searchParams.get("q") ?? "";
      // `ILIKE %q%`, over names too.
      const found = contacts.flatMap((email, at) => (email.includes(q) ? [{ id: at + 1, email }] : []));
      return ok({ meta: { count: found.length }, payload: [{ id: 999, email: `x${q}` }, ...found] });
    }
    const [, contact] = /^\/contacts\/(\d+)\/conversations$/.exec(path) ?? [];
    if (contact !== undefined) {
      const theirs = [...conversations].filter(([, { email }]) => email === contacts[Number(contact) - 1]);
      return ok({ payload: theirs.toReversed().map(([id, held]) => shown(id, held)) });
    }
    const [, number, what = ""] = /^\/conversations\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
    const held = conversations.get(Number(number));
    if (!held) return notFound;
    if (method === "GET" && what === "") return ok(shown(Number(number), held));
    if (method === "GET" && what === "messages") return ok({ meta: {}, payload: held.messages.slice(-20) });
    if (method === "POST" && what === "messages") {
      const { content, private: isPrivate } = request.body as Message;
      const message = { id: held.messages.length + 50, content, private: isPrivate, source_id: null };
      held.messages.push({ ...message, content_attributes: {} });
      return ok(message);
    }
    if (method === "POST" && what === "labels") {
      held.labels = (request.body as { labels: string[] }).labels.filter((label) => LABELS.includes(label));
      return ok({ payload: held.labels });
    }
    return notFound;
  };
  const api = await startFakeApi(answer);
  return {
    api,
    settings: { type: "chatwoot", key: KEY, accountId: 7 },
    add({ address, subject, messageId }) {
      const id = conversations.size + 1;
      if (!contacts.includes(address)) contacts.push(address);
      const uuid = `0b4f7d1c-5f0e-4b7c-9f57-${String(id).padStart(12, "0")}`;
      const sourceId = messageId.replaceAll(/[<>]/g, "");
      const message = { private: false, content_attributes: {} };
      const messages: Message[] = [
        {
          ...message,
          id: 10,
          content: "Hello?",
          source_id: sourceId,
          content_attributes: { email: { message_id: sourceId, subject } },
        },
        { ...message, id: 11, content: "Hello!", source_id: null, content_attributes: { to_emails: [address] } },
      ];
      conversations.set(id, { uuid, email: address, subject, messages, labels: ["vip"] });
      return { id: String(id), reply: `<conversation/${uuid}/messages/11@example.com>` };
    },
    notes: (id) =>
      (conversations.get(Number(id))?.messages ?? [])
        .filter((message) => message.private)
        .map(({ content }) => content),
    tags: (id) => conversations.get(Number(id))?.labels ?? [],
  };
}
