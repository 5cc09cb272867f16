/** Front, Core API: dev.frontapp.com, Messages by alias, Conversations, Comments, Tags. */
import { startFakeApi, type FakeAnswer, type FakeRequest } from "../../../sync/fakes/fake-api.ts";
import { KEY, type FakeDesk } from "./fake-desk.ts";

interface Held {
  readonly email: string;
  readonly subject: string;
  /** Without brackets. */
  readonly uids: readonly string[];
  readonly comments: string[];
  readonly tags: string[];
}

const TAG = { id: "tag_1u", name: "undeliverable" };
const ok = (json: unknown, status = 200): FakeAnswer => ({ status, json });
const notFound: FakeAnswer = { status: 404, json: { _error: { status: 404, title: "Not found" } } };

export async function startFakeFront(): Promise<FakeDesk> {
  const conversations = new Map<string, Held>();
  const messageOf = (id: string, { email }: Held, uid: string, at: number): object => ({
    id: `msg_${id.slice(4)}${at}`,
    type: "email",
    is_inbound: at === 0,
    recipients: [{ handle: email, role: at === 0 ? "from" : "to" }],
    metadata: { headers: { in_reply_to: null } },
    _links: { related: { conversation: `https://api2.frontapp.com/conversations/${id}` } },
    uid_of_the_test: uid,
  });
  const answer = (request: FakeRequest): FakeAnswer => {
    if (request.headers.authorization !== `Bearer ${KEY}`)
      return { status: 401, json: { _error: { status: 401, title: "Unauthenticated" } } };
    const { method, url, body } = request;
    const path = decodeURIComponent(url.pathname);
    if (path === "/me") return ok({ id: "cmp_1", name: "Example" });
    if (path === "/tags")
      return url.searchParams.get("page_token") === "two"
        ? ok({ _results: [TAG], _pagination: { next: null } })
        : ok({
            _results: [{ id: "tag_1a", name: "vip" }],
            _pagination: { next: "https://api2.frontapp.com/tags?limit=100&page_token=two" },
          });
    const [, uid] = /^\/messages\/alt:uid:(.+)$/.exec(path) ?? [];
    if (uid !== undefined) {
      const [found] = [...conversations].filter(([, { uids }]) => uids.includes(uid));
      return found ? ok(messageOf(...found, uid, found[1].uids.indexOf(uid))) : notFound;
    }
    const [, searched] = /^\/conversations\/search\/recipient:(.+)$/.exec(path) ?? [];
    if (searched !== undefined) {
      const found = [...conversations].filter(([, { email }]) => email === searched).toReversed();
      return ok({ _results: found.map(([id]) => ({ id })), _total: found.length });
    }
    const [, id = "", what = ""] = /^\/conversations\/(cnv_\w+)(?:\/(\w+))?$/.exec(path) ?? [];
    const held = conversations.get(id);
    if (!held) return notFound;
    if (method === "GET" && what === "") {
      const tags = held.tags.map((name) => ({ id: "tag_1u", name }));
      return ok({ id, subject: held.subject, recipient: { handle: held.email, role: "from" }, tags });
    }
    if (method === "GET" && what === "messages")
      return ok({ _results: held.uids.map((one, at) => messageOf(id, held, one, at)).toReversed() });
    if (method === "GET" && what === "comments") return ok({ _results: held.comments.map((one) => ({ body: one })) });
    if (method === "POST" && what === "comments") {
      held.comments.push((body as { body: string }).body);
      return ok({ id: "com_1" }, 201);
    }
    if (method === "POST" && what === "tags") {
      if (!(body as { tag_ids: string[] }).tag_ids.includes(TAG.id)) return { status: 400, json: {} };
      held.tags.push(TAG.name);
      return { status: 204 };
    }
    return notFound;
  };
  const api = await startFakeApi(answer);
  return {
    api,
    settings: { type: "front", key: KEY },
    add({ address, subject, messageId }) {
      const number = conversations.size + 1;
      const id = `cnv_${number.toString(36)}`;
      const uids = [messageId.replaceAll(/[<>]/g, ""), `reply-${number}@mail.frontapp.test`];
      conversations.set(id, { email: address, subject, uids, comments: [], tags: [] });
      return { id, reply: `<${uids[1]}>` };
    },
    notes: (id) => conversations.get(id)?.comments ?? [],
    tags: (id) => conversations.get(id)?.tags ?? [],
  };
}
