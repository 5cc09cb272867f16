/** Before there is a token: this machine may do everything, nobody else anything. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken } from "../../src/http/access/tokens.ts";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ open: true });
});
afterAll(() => harness.close());

const ask = async (headers: Record<string, string> = {}, remoteAddress = "127.0.0.1", method: "GET" | "PUT" = "GET") =>
  (
    await harness.app.inject({
      method,
      url: method === "GET" ? "/v1/events" : "/v1/suppressions/a@example.org",
      remoteAddress,
      headers: { host: "localhost:8025", ...headers },
      ...(method === "PUT" ? { payload: {} } : {}),
    })
  ).statusCode;

describe("without a token", () => {
  test.each([
    ["this machine", {}, "127.0.0.1", 200],
    ["this machine over IPv6", { host: "[::1]:8025" }, "::1", 200],
    ["this machine as an IPv4-mapped address", {}, "::ffff:127.0.0.1", 200],
    ["another machine", {}, "192.0.2.1", 401],
    ["another machine that calls itself localhost", { host: "localhost" }, "192.0.2.1", 401],
    ["a name of somebody else that leads here", { host: "rebind.evil.example" }, "127.0.0.1", 401],
    ["a proxy on this machine", { "x-forwarded-for": "203.0.113.7" }, "127.0.0.1", 401],
    ["another proxy on this machine", { via: "1.1 proxy" }, "127.0.0.1", 401],
  ])("%s", async (_name, headers, address, expected) => {
    expect(await ask(headers, address)).toBe(expected);
  });

  test("a page of another site cannot change anything through the browser on this machine", async () => {
    expect(await ask({ "sec-fetch-site": "cross-site" }, "127.0.0.1", "PUT")).toBe(403);
    expect(await ask({ origin: "https://evil.example" }, "127.0.0.1", "PUT")).toBe(403);
    expect(await ask({ origin: "null" }, "127.0.0.1", "PUT")).toBe(403);
    expect(await ask({ origin: "http://localhost:8025" }, "127.0.0.1", "PUT")).toBe(200);
    expect(await ask({}, "127.0.0.1", "PUT")).toBe(200);
  });
});

test("the first token closes the door for everybody else", async () => {
  const { token, record } = createToken({ name: "first", role: "viewer", mayExport: false }, new Date());
  harness.file.current = { v: 1, tokens: [record], password: null };
  expect(await ask()).toBe(401);
  expect(await ask({ authorization: `Bearer ${token}` }, "192.0.2.1")).toBe(200);
  // Revoked, it still counts: otherwise revoking the last token would open everything again.
  harness.file.current = { v: 1, tokens: [{ ...record, revokedAt: new Date().toISOString() }], password: null };
  expect(await ask()).toBe(401);
});
