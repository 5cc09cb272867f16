/** examples/help-desk.ts between our webhook and a recorded help desk. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createHelpDesk } from "../../examples/help-desk.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { createBreaker } from "../../src/outputs/breaker.ts";
import { deliver } from "../../src/outputs/deliver.ts";
import type { Delivery } from "../../src/outputs/delivery-log.ts";
import { noteOf } from "../../src/outputs/note.ts";
import { webhooksSchema } from "../../src/outputs/webhook-settings.ts";
import { sampleEvent } from "../support/event.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
let api: Server;
let receiver: Server;
let recorded: object[] = [];
/** Statuses that the help desk gives before it takes anything. */
let answers: number[] = [];

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
let url: string;

beforeAll(async () => {
  api = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const { method, url: path, headers } = request;
      recorded.push({ method, path, authorization: headers.authorization, body: JSON.parse(body) as unknown });
      response.writeHead(answers.shift() ?? 200, { "content-type": "application/json" }).end("{}");
    });
  });
  const apiUrl = await listen(api);
  receiver = createHelpDesk({
    WEBHOOK_SECRET: SECRET,
    INTERCOM_URL: apiUrl,
    INTERCOM_TOKEN: "intercom-token",
    INTERCOM_ADMIN_ID: "77",
    ZENDESK_URL: apiUrl,
    ZENDESK_TOKEN: "zendesk-token",
  });
  url = await listen(receiver);
});
beforeEach(() => {
  recorded = [];
  answers = [];
});
afterAll(() => {
  receiver.close();
  api.close();
});

const bounceOf = (id: string, headers: Readonly<Record<string, string>>): BouncedEvent =>
  sampleEvent({ id, original: { ...sampleEvent().original, headers: { ...headers } } });

/** Delivers as the service does; gives the status, and whether it is an end. */
async function send(event: BouncedEvent, secret = SECRET): Promise<{ status: number; outcome: string }> {
  const [endpoint] = webhooksSchema.parse([{ id: "desk", url, secret, shape: "note", allowPrivate: true }]);
  if (!endpoint) throw new Error("no endpoint");
  const statuses: number[] = [];
  const log = ({ status }: Delivery): Promise<void> => {
    statuses.push(status);
    return Promise.resolve();
  };
  const outcome = await deliver(endpoint, [event], { breaker: createBreaker(), log }).then(
    () => "taken",
    (error: Error) => (error.name === "UnrecoverableError" ? "given up" : "again"),
  );
  return { status: statuses[0] ?? 0, outcome };
}

test("Intercom: a note on the conversation, once", async () => {
  const event = bounceOf("e1", { "x-conversation-id": "4711" });
  expect(await send(event)).toEqual({ status: 204, outcome: "taken" });
  expect(await send(event)).toEqual({ status: 204, outcome: "taken" });
  expect(recorded).toEqual([
    {
      method: "POST",
      path: "/conversations/4711/reply",
      authorization: "Bearer intercom-token",
      body: { message_type: "note", type: "admin", admin_id: "77", body: noteOf(event).html },
    },
  ]);
});

test("Zendesk: a private comment on the ticket", async () => {
  const event = bounceOf("e2", { "x-ticket-id": "815" });
  expect(await send(event)).toEqual({ status: 204, outcome: "taken" });
  expect(recorded).toEqual([
    {
      method: "PUT",
      path: "/api/v2/tickets/815.json",
      authorization: "Bearer zendesk-token",
      body: { ticket: { comment: { html_body: noteOf(event).html, public: false } } },
    },
  ]);
});

test("a wrong signature reaches no help desk", async () => {
  expect(await send(bounceOf("e3", { "x-ticket-id": "1" }), "another-secret-of-somebody")).toMatchObject({
    status: 401,
  });
  expect(recorded).toEqual([]);
});

test("what is no number goes into no path, and mail without one is none of its business", async () => {
  for (const headers of [{ "x-ticket-id": "1/../../users/2" }, { "x-conversation-id": "../me" }, {}])
    expect(await send(bounceOf("e4", headers))).toEqual({ status: 204, outcome: "taken" });
  expect(recorded).toEqual([]);
});

test("a help desk that is down is tried again; a ticket that is gone is not", async () => {
  answers = [503, 200, 404];
  const event = bounceOf("e5", { "x-ticket-id": "5" });
  expect(await send(event)).toEqual({ status: 502, outcome: "again" });
  expect(await send(event)).toEqual({ status: 204, outcome: "taken" });
  expect(await send(bounceOf("e6", { "x-ticket-id": "6" }))).toEqual({ status: 410, outcome: "given up" });
  expect(recorded).toHaveLength(3);
});
