/** SendGrid's own client, pointed at a listening server. */
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listCsvOf, readListCsv } from "../../src/store/suppressions/csv.ts";
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
    { created: expect.any(Number), email: "gone@example.org", reason: "550 5.1.1 User unknown", status: "5.1.1" },
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
  const added = Array.from({ length: 5 }, (_, index) => ({
    value: `page${index}@example.net`,
    cause: "import" as const,
  }));
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

test("invalid_emails, unsubscribes and the global list", async () => {
  const { suppressions } = harness.store;
  const words = "Mail domain mentioned in email address is unknown";
  await suppressions.add([{ value: "a@nowhere.test", cause: "import", reason: words }], { actor: "test" });
  expect((await ask("GET", "/v3/suppression/invalid_emails")).body).toEqual([
    { created: expect.any(Number), email: "a@nowhere.test", reason: words },
  ]);
  expect((await ask("GET", "/v3/suppression/bounces/a@nowhere.test")).body).toEqual([]);
  const path = "/v3/asm/suppressions/global";
  const added = await ask("POST", path, { body: { recipient_emails: ["bye@example.org"] } });
  expect(added).toEqual({ status: 201, body: { recipient_emails: ["bye@example.org"] } });
  await expect(ask("POST", path, { body: { recipient_emails: ["x-y-z"] } })).rejects.toMatchObject({ code: 400 });
  expect((await ask("GET", "/v3/suppression/unsubscribes")).body).toEqual([
    { created: expect.any(Number), email: "bye@example.org" },
  ]);
  expect((await ask("GET", `${path}/bye@example.org`)).body).toEqual({ recipient_email: "bye@example.org" });
  expect((await ask("DELETE", `${path}/bye@example.org`)).status).toBe(204);
  expect((await ask("GET", `${path}/bye@example.org`)).body).toEqual({});
});

test("what came in as SendGrid's CSV goes out as it came", async () => {
  const csv = "email,created,reason,status\nold@example.com,1443651125,550 5.1.1 No such account,5.1.1\n";
  const { suppressions } = harness.store;
  for await (const { entry } of readListCsv(Readable.from([csv]), "sendgrid"))
    if (entry) await suppressions.add([entry], { actor: "test" });
  expect((await ask("GET", "/v3/suppression/bounces/old@example.com")).body).toEqual([
    { created: 1443651125, email: "old@example.com", reason: "550 5.1.1 No such account", status: "5.1.1" },
  ]);
  const written = await text(listCsvOf(suppressions.iterate({ value: "old@example.com" }), "sendgrid"));
  expect(written.replaceAll("\r", "")).toBe(csv);
});
