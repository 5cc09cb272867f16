/** SendGrid's own client, pointed at a listening server. */
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Harness } from "./harness.ts";

interface SendGridClient {
  setApiKey(key: string): void;
  setDefaultRequest(name: string, value: string): void;
  request(request: object): Promise<[{ statusCode: number }, unknown]>;
}
const { Client } = createRequire(import.meta.url)("@sendgrid/client") as { Client: new () => SendGridClient };

const at = Date.UTC(2026, 3, 20, 12);
let harness: Harness;
let client: SendGridClient;
beforeAll(async () => {
  harness = await startHarness();
  await harness.store.record([
    jobOf([makeEvent({ address: "gone@example.org", at, authenticity: "proven" })]),
    jobOf([
      makeEvent({
        address: "angry@example.org",
        at,
        authenticity: "proven",
        kind: "complaint",
        severity: "complaint",
        reason: "complaint",
      }),
    ]),
    jobOf([
      makeEvent({ address: "picky@example.org", at, severity: "block", reason: "spam_content", status: "5.7.1" }),
    ]),
  ]);
  client = new Client();
  client.setApiKey(harness.tokens.operator);
  client.setDefaultRequest("baseUrl", `${await harness.app.listen({ host: "127.0.0.1", port: 0 })}/`);
});
afterAll(() => harness.close());

const ask = async (method: string, url: string, more: object = {}) => {
  const [response, body] = await client.request({ method, url, ...more });
  return { status: response.statusCode, body };
};

test("lists", async () => {
  expect((await ask("GET", "/v3/suppression/bounces")).body).toEqual([
    { created: expect.any(Number), email: "gone@example.org", reason: "mailbox_unknown", status: "5.0.0" },
  ]);
  expect((await ask("GET", "/v3/suppression/spam_reports")).body).toEqual([
    { created: expect.any(Number), email: "angry@example.org", ip: "" },
  ]);
  expect((await ask("GET", "/v3/suppression/blocks")).body).toEqual([
    { created: at / 1000, email: "picky@example.org", reason: "550 5.1.1 User unknown", status: "5.7.1" },
  ]);
});

test("one address; an unknown one is an empty list", async () => {
  expect((await ask("GET", "/v3/suppression/bounces/gone@example.org")).body).toHaveLength(1);
  expect((await ask("GET", "/v3/suppression/bounces/angry@example.org")).body).toEqual([]);
  expect((await ask("GET", "/v3/suppression/blocks/picky@example.org")).body).toHaveLength(1);
});

test("times, limit and offset", async () => {
  const added = Array.from({ length: 5 }, (_, index) => ({ value: `page${index}@example.net` }));
  await harness.store.suppressions.add(added, { actor: "test" });
  const page = await ask("GET", "/v3/suppression/bounces", { qs: { limit: 2, offset: 1, email: "@example.net" } });
  expect(page.body).toHaveLength(2);
  expect((await ask("GET", "/v3/suppression/blocks", { qs: { end_time: at / 1000 - 1 } })).body).toEqual([]);
  expect((await ask("GET", "/v3/suppression/blocks", { qs: { start_time: at / 1000 } })).body).toHaveLength(1);
});

test("delete one, some, all", async () => {
  expect((await ask("DELETE", "/v3/suppression/bounces/gone@example.org")).status).toBe(204);
  await expect(ask("DELETE", "/v3/suppression/bounces/gone@example.org")).rejects.toMatchObject({ code: 404 });
  const emails = ["page0@example.net", "page1@example.net", "angry@example.org"];
  expect((await ask("DELETE", "/v3/suppression/bounces", { body: { emails } })).status).toBe(204);
  expect((await ask("GET", "/v3/suppression/bounces")).body).toHaveLength(3);
  // An address on the other list stays there.
  expect((await ask("GET", "/v3/suppression/spam_reports")).body).toHaveLength(1);
  expect((await ask("DELETE", "/v3/suppression/bounces", { body: { delete_all: true } })).status).toBe(204);
  expect((await ask("GET", "/v3/suppression/bounces")).body).toEqual([]);
});

test("neither nothing nor everything by mistake", async () => {
  await expect(ask("DELETE", "/v3/suppression/bounces", { body: {} })).rejects.toMatchObject({ code: 400 });
  await expect(ask("DELETE", "/v3/suppression/blocks", { body: { delete_all: true } })).rejects.toMatchObject({
    code: 400,
  });
});

test("a token of a viewer may look, not delete", async () => {
  const viewer = new Client();
  viewer.setApiKey(harness.tokens.viewer);
  viewer.setDefaultRequest("baseUrl", `http://127.0.0.1:${(harness.app.server.address() as AddressInfo).port}/`);
  await expect(
    viewer.request({ method: "DELETE", url: "/v3/suppression/bounces/x@example.org" }),
  ).rejects.toMatchObject({ code: 403 });
});
