/** Intercom: Intercom-OpenAPI, contacts/search, conversations/search, conversations/{id}, reply, tags, me, admins. */
import { startFakeApi, type FakeAnswer, type FakeRequest } from "../../../sync/fakes/fake-api.ts";
import { KEY, type FakeDesk } from "./fake-desk.ts";

interface Held {
  readonly contact: string;
  readonly source: object;
  readonly parts: object[];
  readonly notes: string[];
  readonly tags: string[];
}

const ok = (json: unknown): FakeAnswer => ({ status: 200, json });
const errors = (status: number, code: string): FakeAnswer => ({
  status,
  json: { type: "error.list", errors: [{ code, message: code }] },
});
const notFound = errors(404, "conversation_not_found");

export async function startFakeIntercom(): Promise<FakeDesk> {
  const conversations = new Map<number, Held>();
  const contacts: string[] = [];
  const tags: string[] = [];
  const answer = (request: FakeRequest): FakeAnswer => {
    if (request.headers.authorization !== `Bearer ${KEY}`) return errors(401, "unauthorized");
    const { method, url, body } = request;
    const path = `${method} ${url.pathname}`;
    if (path === "GET /me") return ok({ type: "admin", id: "77", name: "Bounced", email: "bounced@example.com" });
    if (path === "GET /admins/77") return ok({ type: "admin", id: "77", name: "Bounced" });
    if (path === "POST /contacts/search") {
      const { field, operator, value } = (body as { query: Record<string, string> }).query;
      if (field !== "email" || operator !== "=") return errors(400, "invalid_field");
      const data = contacts.flatMap((email, at) => (email === value ? [{ type: "contact", id: `c${at}`, email }] : []));
      return ok({ type: "list", data, total_count: data.length });
    }
    if (path === "POST /conversations/search") {
      const { field, operator, value } = (body as { query: { field: string; operator: string; value: string[] } })
        .query;
      if (field !== "contact_ids" || operator !== "IN") return errors(400, "invalid_field");
      const found = [...conversations].filter(([, { contact }]) => value.includes(`c${contacts.indexOf(contact)}`));
      return ok({
        type: "conversation.list",
        conversations: found.toReversed().map(([id]) => ({ type: "conversation", id: String(id) })),
      });
    }
    if (path === "POST /tags") {
      const { name } = body as { name: string };
      if (!tags.includes(name)) tags.push(name);
      return ok({ type: "tag", id: String(tags.indexOf(name) + 500), name });
    }
    const [, number, what = ""] = /^\/conversations\/(\d+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const held = conversations.get(Number(number));
    if (!held) return notFound;
    if (method === "GET") {
      // Message-IDs are in the version of the API that is called so.
      const isUnstable = request.headers["intercom-version"] === "Unstable";
      return ok({
        type: "conversation",
        id: number,
        title: null,
        source: isUnstable ? held.source : { ...held.source, email_message_metadata: undefined },
        tags: { type: "tag.list", tags: held.tags.map((name) => ({ type: "tag", name })) },
        conversation_parts: { type: "conversation_part.list", conversation_parts: held.parts },
      });
    }
    if (what === "reply") {
      const { message_type, type, admin_id, body: text } = body as Record<string, string>;
      if (message_type !== "note" || type !== "admin" || admin_id !== "77") return errors(400, "parameter_invalid");
      held.notes.push(text ?? "");
      held.parts.push({ part_type: "note", body: text?.replaceAll(/<[^>]+>/g, ""), author: { type: "admin" } });
      return ok({ type: "conversation", id: number });
    }
    if (what === "tags") {
      const { id, admin_id } = body as Record<string, string>;
      const name = tags[Number(id) - 500];
      if (name === undefined || admin_id !== "77") return errors(404, "tag_not_found");
      held.tags.push(name);
      return ok({ type: "tag", id, name });
    }
    return notFound;
  };
  const api = await startFakeApi(answer);
  return {
    api,
    settings: { type: "intercom", key: KEY, adminId: 77 },
    add({ address, subject, messageId }) {
      const id = conversations.size + 1;
      if (!contacts.includes(address)) contacts.push(address);
      const metadata = {
        subject,
        message_id: messageId.replaceAll(/[<>]/g, ""),
        email_address_headers: [{ type: "from", name: "Customer", email_address: address }],
      };
      conversations.set(id, {
        contact: address,
        source: {
          type: "email",
          subject: `<p>${subject}</p>`,
          body: "Hello?",
          author: { type: "user", email: address },
          email_message_metadata: metadata,
        },
        parts: [{ part_type: "comment", body: "Hello!", author: { type: "admin", email: "agent@example.com" } }],
        notes: [],
        tags: [],
      });
      return { id: String(id), reply: null };
    },
    notes: (id) => conversations.get(Number(id))?.notes ?? [],
    tags: (id) => conversations.get(Number(id))?.tags ?? [],
  };
}
