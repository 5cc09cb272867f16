/** Who gets in without a credential: nobody, unless BOUNCED_HTTP_OPEN says so, and then only from this machine. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "../../src/config/config.ts";
import { startHarness, type Harness } from "./harness.ts";

let open: Harness;
let closed: Harness;
beforeAll(async () => {
  open = await startHarness({ open: true });
  closed = await startHarness({ without: "tokens" });
});
afterAll(() => Promise.all([open.close(), closed.close()]));

const ask = async (
  harness: Harness,
  headers: Record<string, string> = {},
  remoteAddress = "127.0.0.1",
  method: "GET" | "PUT" = "GET",
) =>
  (
    await harness.app.inject({
      method,
      url: method === "GET" ? "/v1/events" : "/v1/suppressions/a@example.org",
      remoteAddress,
      headers: { host: "localhost:8025", ...headers },
      ...(method === "PUT" ? { payload: {} } : {}),
    })
  ).statusCode;

test("without a token nobody gets in, also not what a proxy on this machine sends with its defaults", async () => {
  expect(await ask(closed, { host: "127.0.0.1:8025" })).toBe(401);
  expect(await ask(closed, { host: "127.0.0.1:8025", "sec-fetch-site": "same-origin" }, "127.0.0.1", "PUT")).toBe(401);
  expect(await ask(closed, { host: "[::1]:8025" }, "::1")).toBe(401);
});

describe("in open mode", () => {
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
    expect(await ask(open, headers, address)).toBe(expected);
  });

  test("a page of another site cannot change anything through the browser on this machine", async () => {
    expect(await ask(open, { "sec-fetch-site": "cross-site" }, "127.0.0.1", "PUT")).toBe(403);
    expect(await ask(open, { origin: "https://evil.example" }, "127.0.0.1", "PUT")).toBe(403);
    expect(await ask(open, { origin: "null" }, "127.0.0.1", "PUT")).toBe(403);
    expect(await ask(open, { origin: "http://localhost:8025" }, "127.0.0.1", "PUT")).toBe(200);
    expect(await ask(open, {}, "127.0.0.1", "PUT")).toBe(200);
  });
});

test("open mode is refused where others can reach the port, or a proxy is expected in front", () => {
  const settings = { BOUNCED_HTTP_OPEN: "1", BOUNCED_DATA_DIR: mkdtempSync(join(tmpdir(), "bounced-open-")) };
  for (const host of ["127.0.0.1", "::1", "localhost"])
    expect(loadConfig({ ...settings, BOUNCED_HTTP_HOST: host }).BOUNCED_HTTP_OPEN).toBe(true);
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "localhost.example.com"])
    expect(() => loadConfig({ ...settings, BOUNCED_HTTP_HOST: host })).toThrow(ConfigError);
});
