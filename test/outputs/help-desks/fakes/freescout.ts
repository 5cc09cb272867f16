/** FreeScout: api-docs.freescout.net; Message-IDs as in app/Jobs/SendReplyToCustomer.php. It shows none of mail that came in. */
import { createHash } from "node:crypto";
import { startFakeApi, type FakeAnswer, type FakeRequest } from "../../../sync/fakes/fake-api.ts";
import { KEY, type FakeDesk } from "./fake-desk.ts";

interface Thread {
  readonly id: number;
  readonly type: string;
  readonly body: string;
  readonly to: readonly string[];
}
interface Held {
  readonly email: string;
  readonly subject: string;
  readonly threads: Thread[];
  tags: string[];
}

const ok = (json: unknown, status = 200): FakeAnswer => ({ status, json });
const notFound: FakeAnswer = { status: 404, json: { message: "Not Found", errorCode: "NOT FOUND" } };

export async function startFakeFreeScout(): Promise<FakeDesk> {
  const conversations = new Map<number, Held>();
  let threads = 0;
  const named = (tags: readonly string[]): object => ({ tags: tags.map((name, at) => ({ id: at + 1, name })) });
  const answer = (request: FakeRequest): FakeAnswer => {
    if (request.headers["x-freescout-api-key"] !== KEY)
      return { status: 401, json: { message: "Not Authorized", errorCode: "NOT AUTHORIZED" } };
    const { method, url, body } = request;
    if (url.pathname === "/api/users/5") return ok({ id: 5, email: "bounced@example.com" });
    if (method === "GET" && url.pathname === "/api/conversations") {
      const email = url.searchParams.get("customerEmail");
      const found = [...conversations].filter((one) => email === null || one[1].email === email).toReversed();
      const size = Number(url.searchParams.get("pageSize") ?? "50");
      return ok({ _embedded: { conversations: found.slice(0, size).map(([id]) => ({ id, number: id + 1000 })) } });
    }
    if (url.pathname === "/api/tags") {
      const held = conversations.get(Number(url.searchParams.get("conversationId")));
      return held ? ok({ _embedded: named(held.tags) }) : notFound;
    }
    const [, number, what = ""] = /^\/api\/conversations\/(\d+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const held = conversations.get(Number(number));
    if (!held) return notFound;
    if (method === "GET" && what === "") {
      const { email, subject, tags } = held;
      const customer = { id: 75, type: "customer", email };
      const embedded = { threads: held.threads.toReversed(), ...named(tags) };
      return ok({ id: Number(number), subject, customer, cc: [], bcc: [], _embedded: embedded });
    }
    if (method === "POST" && what === "threads") {
      const { type, text, user } = body as { type: string; text: string; user: number };
      if (type !== "note" || user !== 5) return { status: 400, json: { message: "Bad Request" } };
      held.threads.push({ id: ++threads, type, body: text, to: [] });
      return { status: 201, headers: { "resource-id": String(threads) } };
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
    settings: { type: "freescout", key: KEY, userId: 5 },
    isBlind: true,
    add({ address, subject }) {
      const id = conversations.size + 1;
      const reply = (threads += 2);
      conversations.set(id, {
        email: address,
        subject,
        threads: [
          { id: reply - 1, type: "customer", body: "Hello?", to: ["help@example.com"] },
          { id: reply, type: "message", body: "Hello!", to: [address] },
        ],
        tags: ["vip"],
      });
      const hash = createHash("md5").update(String(reply)).digest("hex");
      return { id: String(id), reply: `<reply-${reply}-${hash}@example.com>` };
    },
    notes: (id) =>
      (conversations.get(Number(id))?.threads ?? []).filter(({ type }) => type === "note").map(({ body }) => body),
    tags: (id) => conversations.get(Number(id))?.tags ?? [],
  };
}
