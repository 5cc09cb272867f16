import { afterAll, beforeAll, expect, test } from "vitest";
import { NotAccepted, type AcceptedEnvelope } from "../../src/intake/accept.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

let harness: Harness;
let isAway = false;
const accepted: (ReceivedMessage & AcceptedEnvelope)[] = [];

beforeAll(async () => {
  harness = await startHarness({
    intake: {
      accept(message, envelope) {
        if (isAway) return Promise.reject(new NotAccepted("away"));
        accepted.push({ ...message, ...envelope });
        return Promise.resolve("m1");
      },
    },
  });
});
afterAll(() => harness.close());

const post = (payload: string, query = "", type = "message/rfc822", caller: Caller = "operator") =>
  harness.app.inject({
    method: "POST",
    url: `/v1/messages${query}`,
    headers: { ...harness.bearer(caller), "content-type": type },
    payload: Buffer.from(payload, "latin1"),
  });

test("a message is answered with 202 once it is durable", async () => {
  const query = "?forwardPath=b%2Bx@bounces.example.com&reversePath=";
  const response = await post("Subject: back\r\n\r\nno such user \xe4\r\n", query);
  expect(response.statusCode).toBe(202);
  expect(response.json()).toEqual({ id: "m1" });
  expect(accepted.at(-1)).toMatchObject({
    octets: Buffer.from("Subject: back\r\n\r\nno such user \xe4\r\n", "latin1"),
    truncated: false,
    reversePath: "",
    forwardPaths: ["b+x@bounces.example.com"],
    receivedAt: "2026-05-01T12:00:00.000Z",
  });
});

test("without an envelope the header tells", async () => {
  await post("Return-Path: <>\nDelivered-To: a@bounces.example.com\n\nx\n", "", "application/octet-stream");
  expect(accepted.at(-1)).toMatchObject({ reversePath: "", forwardPaths: ["a@bounces.example.com"] });
});

test("while Redis is away: 503, and when to come again", async () => {
  isAway = true;
  const response = await post("Subject: back\n\nx\n");
  isAway = false;
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("10");
});

test("what is no message is refused", async () => {
  expect((await post("")).statusCode).toBe(400);
  expect((await post("{}", "", "application/json")).statusCode).toBe(400);
  expect((await post("x", "?to=y")).statusCode).toBe(400);
  expect((await post("x", "", "message/rfc822", "viewer")).statusCode).toBe(403);
});
