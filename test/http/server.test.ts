import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { httpSettingsSchema } from "../../src/config/http-settings.ts";
import { startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

describe("health", () => {
  test("healthz needs nobody", async () => {
    const answer = await harness.app.inject("/healthz");
    expect(answer.json()).toEqual({ status: "ok", version: "0.0.0-test", processes: [] });
  });

  const sick = (name: string, stops: readonly ("smtp" | "api")[]) => ({
    name,
    ok: false,
    stops,
    found: "connect ECONNREFUSED /run/redis.sock",
    todo: "start it",
  });

  test("readyz: 503 where traffic should not come, details only to those who signed in", async () => {
    const harness = await startHarness({ health: async () => [sick("redis", ["smtp"])] });
    const stranger = await harness.app.inject("/readyz");
    expect([stranger.statusCode, stranger.json()]).toEqual([
      503,
      { status: "not ready", parts: [{ name: "redis", ok: false, stops: ["smtp"], found: null, todo: null }] },
    ]);
    expect((await harness.app.inject("/readyz?for=api")).statusCode).toBe(200);
    expect((await harness.app.inject("/readyz?for=smtp")).statusCode).toBe(503);
    expect((await harness.app.inject("/readyz?for=mail")).statusCode).toBe(400);
    const friend = await harness.app.inject({ url: "/readyz", headers: harness.bearer("viewer") });
    expect(friend.json().parts[0]).toMatchObject({ found: expect.stringContaining("ECONNREFUSED"), todo: "start it" });
    await harness.close();
  });

  test("readyz: what stops nothing is told, and traffic may come", async () => {
    const harness = await startHarness({ health: async () => [sick("quarantine", [])] });
    const answer = await harness.app.inject("/readyz");
    expect([answer.statusCode, answer.json().status]).toEqual([200, "degraded"]);
    await harness.close();
  });
});

describe("every answer", () => {
  test("carries a request id: the caller's own if it is a clean one", async () => {
    const own = await harness.app.inject({ url: "/healthz", headers: { "x-request-id": "build-42" } });
    expect(own.headers["x-request-id"]).toBe("build-42");
    const evil = await harness.app.inject({ url: "/healthz", headers: { "x-request-id": "a b<script>" } });
    expect(evil.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("has the security headers, and none that opens it to other sites", async () => {
    const { headers } = await harness.app.inject({ url: "/reference", headers: { origin: "https://evil.example" } });
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-frame-options"]).toBe("DENY");
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("that is an error is a problem document", async () => {
    const answer = await harness.app.inject("/nothing/here?x=1");
    expect(answer.statusCode).toBe(404);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(answer.json()).toEqual({
      type: "urn:bounced:problem:notFound",
      title: "There is nothing here",
      status: 404,
      detail: "GET /nothing/here",
      requestId: answer.headers["x-request-id"],
    });
  });
});

describe("tokens over HTTP", () => {
  const ask = (headers: Record<string, string>, remoteAddress = "203.0.113.9") =>
    harness.app.inject({ url: "/readyz", headers, remoteAddress });

  test("a wrong one is refused even where none is needed", async () => {
    const answer = await ask({ authorization: "Bearer bnc_aaaaaaaa_wrong" }, "203.0.113.10");
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="bounced"');
  });

  test("ten wrong ones make the address wait before the next wrong one; a valid one never waits", async () => {
    for (let i = 0; i < 10; i += 1) await ask({ authorization: "Bearer nonsense" });
    const locked = await ask({ authorization: "Bearer nonsense" });
    expect(locked.statusCode).toBe(429);
    expect(locked.headers["retry-after"]).toBe("900");
    expect((await ask(harness.bearer("viewer"))).statusCode).toBe(200);
    harness.clock.at += 15 * 60 * 1000;
    expect((await ask({ authorization: "Bearer nonsense" })).statusCode).toBe(401);
  });
});

test("connections at a time are bounded", async () => {
  const small = await startHarness({ settings: httpSettingsSchema.parse({ maxConnections: 2 }) });
  const url = await small.app.listen({ host: "127.0.0.1", port: 0 });
  const held = [1, 2].map(() => connect(Number(new URL(url).port), "127.0.0.1"));
  await Promise.all(held.map((socket) => once(socket, "connect")));
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  held[0]?.destroy();
  await expect
    .poll(() =>
      fetch(`${url}/healthz`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  held[1]?.destroy();
  await small.close();
});

describe("behind a path", () => {
  test("requests with and without the base path are answered", async () => {
    const based = await startHarness({ settings: httpSettingsSchema.parse({ basePath: "/mail/bounced" }) });
    for (const url of ["/mail/bounced/healthz", "/healthz"])
      expect((await based.app.inject(url)).statusCode, url).toBe(200);
    expect((await based.app.inject("/mail/bouncedhealthz")).statusCode).toBe(404);
    expect((await based.app.inject("/mail/bounced/reference/frame")).body).toContain(
      'data-document="/mail/bounced/openapi.json"',
    );
    await based.close();
  });
});

test("a caller over the limit is told when to come back", async () => {
  const small = await startHarness({ settings: httpSettingsSchema.parse({ requestsPerMinute: 2 }) });
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push(await small.app.inject("/openapi.json"));
  expect(statuses.map((answer) => answer.statusCode)).toEqual([200, 200, 429]);
  expect(statuses[2]?.headers["retry-after"]).toBeDefined();
  expect(statuses[2]?.json().type).toBe("urn:bounced:problem:tooManyRequests");
  await small.close();
});

test("the OpenAPI document is 3.1 and says what each route needs", async () => {
  const document = (await harness.app.inject("/openapi.json")).json();
  expect(document.openapi).toBe("3.1.0");
  expect(document.paths["/v1/suppressions/{value}"].get.description).toContain("Needs the role viewer.");
  expect(document.paths["/healthz"].get.description ?? "").not.toContain("Needs");
});
