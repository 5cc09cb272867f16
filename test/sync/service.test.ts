/** A removal on the page is at SendGrid and SES within a minute, also if the service is killed in between. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runBounced } from "../support/run-bounced.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { startFakeSendgrid, startFakeSes } from "./fakes/amazon-and-sendgrid.ts";
import type { FakeProvider } from "./fakes/fake-api.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const MINUTE_MS = 60_000;

let redis: TestRedis;
let sendgrid: FakeProvider;
let ses: FakeProvider;
let folder: string;
let environment: Record<string, string>;
let service: TestService;

beforeAll(async () => {
  redis = await startTestRedis();
  [sendgrid, ses] = await Promise.all([startFakeSendgrid(), startFakeSes()]);
  folder = mkdtempSync(join(tmpdir(), "bounced-sync-"));
  const { key, ...sesSettings } = ses.settings;
  writeFileSync(join(folder, "ses.key"), `${String(key)}\n`);
  const shared = { allowPrivate: true, requestsPerSecond: 50 };
  const targets = [
    { ...sendgrid.settings, url: sendgrid.api.url, ...shared },
    { ...sesSettings, keyFile: join(folder, "ses.key"), url: ses.api.url, ...shared },
  ];
  writeFileSync(join(folder, "bounced.yaml"), JSON.stringify({ sync: targets }));
  environment = {
    REDIS_URL: redis.url,
    BOUNCED_DATA_DIR: join(folder, "data"),
    BOUNCED_CONFIG: join(folder, "bounced.yaml"),
    BOUNCED_SECRET: "0123456789abcdef0123456789abcdef",
  };
  service = await startTestService(environment, "record,http");
});
afterAll(async () => {
  await service.stop();
  await Promise.all([sendgrid.api.close(), ses.api.close(), redis.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (method: string, path: string, body?: string): Promise<{ status: number; json: unknown }> => {
  const response = await fetch(`${service.httpUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { "content-type": "application/x-www-form-urlencoded" } }),
    redirect: "manual",
  });
  const text = await response.text();
  return { status: response.status, json: text.startsWith("{") ? (JSON.parse(text) as unknown) : text };
};
const there = (address: string): readonly string[] =>
  [sendgrid, ses].flatMap(({ held }) => [...held.keys()].filter((name) => name.endsWith(address)));
const press = (action: string, value: string) =>
  ask("POST", `/suppressions/${action}`, new URLSearchParams({ value, stream: "" }).toString());
const poll = { timeout: MINUTE_MS, interval: 250 };

test("an addition and a removal on the page are at both", async () => {
  await expect.poll(async () => ((await ask("GET", "/v1/sync")).json as { targets: unknown[] }).targets.length).toBe(2);
  await expect.poll(async () => (await press("add", "ann@example.org")).status < 400).toBe(true);
  await expect.poll(() => there("ann@example.org").length, poll).toBe(2);
  sendgrid.put("ann@example.org", "bounces", Date.now());
  expect((await press("remove", "ann@example.org")).status).toBeLessThan(400);
  await expect.poll(() => there("ann@example.org"), poll).toEqual([]);
});

test("also if the service is killed in between, with a provider that did not answer", async () => {
  await press("add", "bob@example.org");
  await expect.poll(() => there("bob@example.org").length, poll).toBe(2);
  sendgrid.api.always = { status: 500, text: "" };
  ses.api.always = { status: 500, text: "" };
  await press("remove", "bob@example.org");
  await expect.poll(() => ses.api.requests.some(({ method }) => method === "DELETE"), poll).toBe(true);
  await service.kill();
  sendgrid.api.always = null;
  ses.api.always = null;
  service = await startTestService(environment, "record,http");
  await expect.poll(() => there("bob@example.org"), poll).toEqual([]);
});

test("bounced sync: the differences first, then both the same; what failed is in the API, the command line and doctor", async () => {
  sendgrid.put("theirs@example.org", "bounces", Date.now());
  const dry = await runBounced(["sync", "sendgrid", "--dry-run"], { env: environment });
  expect(dry.stdout).toContain("import here: theirs@example.org");
  expect((await runBounced(["suppressions", "check", "theirs@example.org"], { env: environment })).code).toBe(0);
  const done = await runBounced(["sync", "--json"], { env: environment });
  expect(done).toMatchObject({ code: 0 });
  expect(
    done.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { name: "sendgrid", imported: 1, refused: 0 },
    { name: "ses", refused: 0 },
  ]);
  expect((await runBounced(["suppressions", "check", "theirs@example.org"], { env: environment })).code).toBe(1);
  await expect.poll(() => there("theirs@example.org").length, poll).toBe(2);
  await press("add", "refused@example.org");
  await expect
    .poll(async () => (await ask("GET", "/v1/sync/sendgrid/addresses")).json, poll)
    .toMatchObject({ addresses: [{ value: "refused@example.org", state: "refused" }] });
  const listed = await runBounced(["sync", "addresses", "sendgrid"], { env: environment });
  expect(listed.stdout).toMatch(/refused@example\.org\s+add\s+refused/);
  const { stdout } = await runBounced(["doctor", "--json"], { env: environment });
  expect(stdout).toMatch(/"id":"sync sendgrid","state":"warn","found":"the provider refused 1 addresses"/);
  expect(stdout).toMatch(/"id":"sync ses","state":"ok"/);
  expect(await (await fetch(`${service.httpUrl}/metrics`)).text()).toMatch(
    /bounced_sync_changes_total\{[^}]*target="sendgrid",wanted="add",outcome="refused"[^}]*\} 1/,
  );
});

test("a wrong name, and no section", async () => {
  expect(await runBounced(["sync", "nobody"], { env: environment })).toMatchObject({ code: 2 });
  const empty = join(folder, "empty.yaml");
  writeFileSync(empty, "{}\n");
  const env = { ...environment, BOUNCED_CONFIG: empty };
  expect(await runBounced(["sync"], { env })).toMatchObject({ code: 2 });
  expect(await runBounced(["sync", "status"], { env })).toMatchObject({ code: 0 });
});
