import { afterAll, beforeAll, expect, test } from "vitest";
import { NotAccepted, type AcceptedEnvelope } from "../../src/intake/accept.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

let harness: Harness;
let isAway = false;
let writes = 0;
const accepted: (ReceivedMessage & AcceptedEnvelope)[] = [];

beforeAll(async () => {
  harness = await startHarness({
    intake: {
      accept(message, envelope) {
        if (isAway) return Promise.reject(new NotAccepted("away"));
        accepted.push({ ...message, ...envelope });
        return Promise.resolve("m1");
      },
      write() {
        writes++;
        return Promise.resolve(0 as never);
      },
    },
  });
});
afterAll(() => harness.close());

const post = (body: unknown, caller: Caller = "operator") =>
  harness.app.inject({
    method: "POST",
    url: "/v1/refusals",
    headers: { ...harness.bearer(caller), "content-type": "application/json" },
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });
const good = { recipient: "user@example.org", reply: "550 5.1.1 No such user", messageId: "<1@example.com>" };

test("202 once all good ones are durable; bad ones are named with what to do, and cost nobody else anything", async () => {
  accepted.length = 0;
  const items = [
    good,
    { ...good, recipient: "nobody" },
    7,
    { ...good, recipent: "x" },
    { ...good, messageId: "<2@example.com>" },
  ];
  const response = await post({ refusals: items });
  expect(response.statusCode).toBe(202);
  const { accepted: count, ids, errors } = response.json<{ accepted: number; ids: string[]; errors: unknown[] }>();
  expect([count, accepted.length]).toEqual([2, 2]);
  expect(ids.map((id) => id !== null)).toEqual([true, false, false, false, true]);
  expect(errors).toEqual([
    { index: 1, field: "recipient", message: "expected an address, e.g. user@example.org" },
    { index: 2, field: "", message: "expected keys with values" },
    { index: 3, field: "", message: 'there is no "recipent" here (did you mean recipient?)' },
  ]);
  expect(accepted[0]).toMatchObject({ isRefusal: true, truncated: false, reversePath: null, forwardPaths: [null] });
});

test("a delivery is counted and becomes no event; what a system counts itself is not counted", async () => {
  accepted.length = 0;
  writes = 0;
  const delivered = { ...good, reply: "250 2.0.0 OK", messageId: "<3@example.com>" };
  const response = await post({ refusals: [good, delivered] });
  expect(response.json()).toEqual({ accepted: 2, deliveries: 1, ids: [expect.any(String), null], errors: [] });
  expect([accepted.length, writes]).toEqual([1, 1]);
  expect((await post({ refusals: [delivered], counted: true })).statusCode).toBe(202);
  expect([accepted.length, writes]).toEqual([1, 1]);
});

test("the same refusal is the same message", async () => {
  accepted.length = 0;
  const ids = [];
  for (const at of ["2026-05-01T11:00:00Z", "2026-05-01T11:30:00Z"])
    ids.push((await post({ refusals: [{ ...good, at }] })).json<{ ids: string[] }>().ids);
  expect(ids[0]).toEqual(ids[1]);
  expect(accepted[0]?.sha256).toBe(accepted[1]?.sha256);
});

test("the time of receipt is when it happened, but never in the future", async () => {
  accepted.length = 0;
  const times = ["2026-04-30T00:00:00+02:00", "2099-01-01T00:00:00Z", undefined];
  await post({ refusals: times.map((at, index) => ({ ...good, queueId: `q${index}`, at })) });
  expect(accepted.map(({ receivedAt }) => receivedAt)).toEqual([
    "2026-04-29T22:00:00.000Z",
    "2026-05-01T12:00:00.000Z",
    "2026-05-01T12:00:00.000Z",
  ]);
});

test("while Redis is away: 503, and when to come again", async () => {
  isAway = true;
  const response = await post({ refusals: [good] });
  isAway = false;
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("10");
});

test("what is no list of refusals, too long, or without the right is refused", async () => {
  accepted.length = 0;
  expect((await post([good])).statusCode).toBe(400);
  expect((await post({ refusals: [] })).statusCode).toBe(400);
  expect((await post({ refusals: Array.from({ length: 1001 }, () => good) })).statusCode).toBe(400);
  expect((await post('{"refusals":[{"__proto__":{"recipient":"a@b.test"}}]}')).statusCode).toBe(400);
  expect((await post({ refusals: [good] }, "viewer")).statusCode).toBe(403);
  expect((await post(`{"refusals":["${"x".repeat(9 * 1024 * 1024)}"]}`)).statusCode).toBe(413);
  expect(accepted).toEqual([]);
});

test("of a key that stands twice the last one counts, as JSON.parse has it", async () => {
  accepted.length = 0;
  await post(`{"refusals":[{"recipient":"a@x.test","recipient":"b@x.test","queueId":"1"}]}`);
  expect(JSON.parse(Buffer.from(accepted[0]!.octets).toString())).toMatchObject({ recipient: "b@x.test" });
});

test("the reference shows the fields of a refusal", async () => {
  const document = (await harness.app.inject("/openapi.json")).json<{ paths: Record<string, unknown> }>();
  const text = JSON.stringify(document.paths["/v1/refusals"]);
  for (const field of ["originalRecipient", "smtpCommand", "queueId", "returnPath"]) expect(text).toContain(field);
});
