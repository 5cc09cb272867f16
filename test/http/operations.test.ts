/** Emitting again, erasing, alerts and what no rule decided, with a real Redis. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { contextOf } from "../../src/http/context-of.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { webhooksSchema } from "../../src/outputs/webhook-settings.ts";
import { helpDesksSchema } from "../../src/outputs/help-desks/settings.ts";
import { logDelivery } from "../../src/outputs/delivery-log.ts";
import { logDeskDelivery, type DeskDelivery } from "../../src/outputs/help-desks/desk-log.ts";
import { helpDeskTroubles } from "../../src/outputs/help-desks/desk-health.ts";
import { helpDeskQueueOf } from "../../src/queues/names.ts";
import { queueNames, queueStates } from "../../src/queues/upkeep/overview.ts";
import { openStore } from "../../src/store/store.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startHarness, type Harness } from "./harness.ts";

const at = Date.UTC(2026, 3, 10, 12);
const hard = makeEvent({ at });
const block = makeEvent({ at: at + 1, address: "picky@example.net", severity: "block", reason: "policy" });

let redis: TestRedis;
let queues: Queues;
let harness: Harness;
beforeAll(async () => {
  redis = await startTestRedis();
  queues = openQueues({ redisUrl: redis.url, prefix: "test" });
  const config = loadConfig({ BOUNCED_DATA_DIR: mkdtempSync(join(tmpdir(), "bounced-operations-")) });
  const store = await openStore(config);
  const { context } = contextOf(config, store, queues);
  await store.close();
  const webhooks = webhooksSchema.parse([
    { id: "crm", url: "https://crm.example.com/hook", secret: "a-secret-for-tests" },
  ]);
  const helpDesks = helpDesksSchema.parse([
    { id: "support", type: "zammad", url: "https://desk.example.com", key: "a-key-for-tests" },
  ]);
  harness = await startHarness({
    ports: context.ports,
    config: { ...config, file: { ...config.file, webhooks, helpDesks } },
  });
  await harness.store.record([jobOf([hard]), jobOf([block])]);
});
afterAll(async () => {
  await harness.close();
  await queues.close();
  await redis.stop();
});

const post = async (url: string, payload: object) => {
  const answer = await harness.app.inject({ method: "POST", url, headers: harness.bearer("admin"), payload });
  return { status: answer.statusCode, json: answer.json() };
};

describe("emit again", () => {
  test("by id, as often as asked", async () => {
    for (const _ of [1, 2]) {
      const { json } = await post("/v1/events/emit", { ids: [hard.id] });
      expect(json).toEqual({ events: 1, jobs: 1 });
    }
    const jobs = await queues.get("bounce-hard").getWaiting();
    expect(jobs.map(({ data }) => data)).toEqual([hard, hard]);
    const states = await queueStates(queues, queueNames([], ["webhook-crm"]), Date.now());
    expect(states.find(({ name }) => name === "bounce-hard")).toMatchObject({ waiting: 2, failed: 0, consumers: 0 });
  });

  test("by filter; not everything by mistake; an unknown one is named", async () => {
    const { json } = await post("/v1/events/emit", { filter: { severity: ["block"] } });
    expect(json).toEqual({ events: 1, jobs: 1 });
    expect(await queues.get("bounce-block").getWaitingCount()).toBe(1);
    const all = await post("/v1/events/emit", { filter: {} });
    expect([all.status, all.json.detail]).toEqual([400, expect.stringContaining("must say which events")]);
    expect((await post("/v1/events/emit", { ids: ["absent"] })).status).toBe(404);
  });
});

test("erase: in the log and in Redis, with a report", async () => {
  const { json } = await post("/v1/erase", { address: "User@Example.org" });
  expect(json).toMatchObject({
    log: { events: 1 },
    queues: { jobs: 2, pending: 0, appendOnlyFile: expect.any(String) },
  });
  expect(json.unreached).toContain("webhooks sent to crm");
  expect(await queues.get("bounce-hard").getWaitingCount()).toBe(0);
  expect(
    (await harness.app.inject({ url: `/v1/events/${hard.id}`, headers: harness.bearer("viewer") })).statusCode,
  ).toBe(404);
  expect((await post("/v1/erase", { address: "nobody" })).status).toBe(400);
  // `harness` has the key of its data directory or of its settings.
  expect((await post("/v1/erase", { address: "leaver@example.org", ban: true })).status).toBe(200);
  expect((await harness.store.suppressions.check(["leaver@example.org"]))[0]).toMatchObject({
    suppressed: true,
    entry: { scope: "hash", cause: "erased", actor: expect.stringContaining("admin") },
  });
});

test("the overview shows the newest alerts, harmless and with the way into the log", async () => {
  const alert = {
    schema: "bounced.alert/1",
    id: "a1",
    at: new Date(harness.clock.at).toISOString(),
    from: "2026-05-01T11:00:00.000Z",
    to: "2026-05-01T12:00:00.000Z",
    measure: "block",
    dimension: "provider",
    value: "google",
    count: 40,
    explanation: "Blocks at <b>google</b> jumped.",
    texts: [{ text: "550 <i>blocked</i>", count: 40 }],
  };
  await queues.get("alert").add("block", alert);
  await queues.get("alert").add("other", { schema: "somebody/else" });
  const { body } = await harness.app.inject({ url: "/", headers: harness.bearer("viewer") });
  expect(body).toContain("Blocks at &lt;b&gt;google&lt;/b&gt; jumped.");
  expect(body).toContain("550 &lt;i&gt;blocked&lt;/i&gt;");
  expect(body).toMatch(/href="\/log\?provider=google&amp;from=[^"]+severity=block"/);
});

test("unmatched: what only a code decided, with a rule to copy", async () => {
  const odd = makeEvent({
    at: at + 5,
    evidence: [{ source: "status", rule: "iana/5.7.1", text: null, status: "5.7.1" }],
    diagnostic: { type: "smtp", text: "550 5.7.1 your parrot 4711 is not welcome at mx7.example.org" },
  });
  await harness.store.record([jobOf([odd])]);
  const answer = await harness.app.inject({ url: "/v1/unmatched", headers: harness.bearer("viewer") });
  expect(answer.json()).toMatchObject({
    events: 1,
    cut: false,
    groups: [{ count: 1, text: "550 5.7.1 your parrot <number> is not welcome at <host>" }],
  });
  expect(answer.json().groups[0].rule).toContain("is not welcome at");
});

test("mistyped domains: with the number of addresses, credible bounces alone", async () => {
  const mistyped = (address: string, domain: string, changes = {}) =>
    makeEvent({ address: `${address}@${domain}`, at: at + 10, reason: "domain_unknown", ...changes });
  const toGmail = { suggestion: "gmail.com" };
  await harness.store.record([
    jobOf([mistyped("a", "gmial.com", toGmail), mistyped("b", "gmial.com", toGmail)]),
    jobOf([mistyped("a", "gmial.com", { ...toGmail, at: at + 11 })]),
    jobOf([mistyped("c", "gnail.com", { ...toGmail, authenticity: "unproven" }), mistyped("d", "closed.example")]),
  ]);
  const answer = await harness.app.inject({ url: "/v1/stats/mistyped-domains", headers: harness.bearer("viewer") });
  expect(answer.json()).toEqual({
    events: 4,
    cut: false,
    domains: [
      {
        domain: "gmial.com",
        suggestion: "gmail.com",
        events: 3,
        addresses: 2,
        lastAt: new Date(at + 11).toISOString(),
      },
    ],
  });
  const page = await harness.app.inject({
    url: "/suppressions/mistyped?days=400",
    headers: { ...harness.bearer("viewer"), accept: "text/html" },
  });
  expect(page.body).toMatch(/gmial\.com<\/bdi>[^]*gmail\.com/);
  expect(page.body).not.toContain("closed.example");
});

test("webhooks: what waits for each, what was tried, sending again", async () => {
  const ask = async (method: "GET" | "POST", url: string, caller: "viewer" | "operator" = "viewer") => {
    const answer = await harness.app.inject({ method, url, headers: harness.bearer(caller) });
    return { status: answer.statusCode, json: answer.json<unknown>() };
  };
  await queues.get("webhook-crm").add("bounce.mailbox_unknown", hard, { jobId: hard.id });
  expect((await ask("GET", "/v1/webhooks")).json).toMatchObject({
    webhooks: [{ id: "crm", shape: "native", host: "crm.example.com", waiting: 1, failed: 0, last: null }],
  });
  expect((await ask("GET", "/v1/webhooks/crm/deliveries")).json).toEqual({ deliveries: [] });
  expect((await ask("POST", "/v1/webhooks/crm/replay", "operator")).json).toEqual({ replayed: 0 });
  expect((await ask("POST", "/v1/webhooks/other/replay", "operator")).status).toBe(404);
});

test("events of the log go to one endpoint again, as its filter says, and each call says where the next begins", async () => {
  const replay = async (payload: object) => post("/v1/webhooks/crm/replay-log", payload);
  const unproven = makeEvent({ at: at + 2, address: "made-up@example.com", authenticity: "unproven" });
  await harness.store.record([jobOf([hard]), jobOf([block]), jobOf([unproven])]);
  await queues.get("webhook-crm").obliterate({ force: true });
  const filter = { from: new Date(at).toISOString(), to: new Date(at + 3).toISOString() };
  const all = { events: 2, passedOver: 1, more: false, until: block.message.receivedAt };
  expect((await replay({ filter, dryRun: true })).json).toEqual(all);
  expect(await queues.get("webhook-crm").getWaitingCount()).toBe(0);
  expect((await replay({ filter, atMost: 1 })).json).toMatchObject({
    events: 1,
    more: true,
    until: hard.message.receivedAt,
  });
  expect((await replay({ filter })).json).toEqual(all);
  const jobs = await queues.get("webhook-crm").getWaiting();
  expect(jobs.map(({ data }) => data)).toEqual([hard, hard, block]);
  expect((await replay({ filter: {} })).status).toBe(400);
  await queues.get("webhook-crm").obliterate({ force: true });
});

describe("help desks", () => {
  const note = (changes: Partial<DeskDelivery>): DeskDelivery => ({
    at: new Date(at).toISOString(),
    eventId: hard.id,
    outcome: "added",
    conversation: "17",
    foundBy: "message-id",
    ms: 12,
    error: "",
    ...changes,
  });
  const get = (url: string, caller: "viewer" | "operator" = "viewer") =>
    harness.app.inject({ url, headers: harness.bearer(caller) });

  test("states, tries and trying again, by the API and on the page of deliveries", async () => {
    await logDeskDelivery(queues, "support", note({}));
    await logDeskDelivery(queues, "support", note({ outcome: "given_up", error: "<b>403</b>", conversation: "18" }));
    await logDelivery(queues, "crm", { at: note({}).at, eventId: hard.id, events: 3, status: 0, ms: 5, error: "no" });
    const queue = queues.get(helpDeskQueueOf("support"));
    const job = await queue.add("bounce.mailbox_unknown", hard, { jobId: hard.id });
    await queues.redis.del(queue.toKey("wait"));
    await queues.redis.zadd(queue.toKey("failed"), 1, job.id ?? "");
    expect((await get("/v1/help-desks")).json()).toMatchObject({
      helpDesks: [
        { id: "support", type: "zammad", host: "desk.example.com", failed: 1, last: { outcome: "given_up" } },
      ],
    });
    expect((await get("/v1/help-desks/support/notes?limit=1")).json()).toMatchObject({
      notes: [{ outcome: "given_up", conversation: "18" }],
    });
    expect((await get("/v1/help-desks/other/notes")).statusCode).toBe(404);
    const { body } = await get("/outputs", "operator");
    for (const words of [
      "note added",
      "&lt;b&gt;403&lt;/b&gt;",
      "1 given up",
      "not taken",
      "and 2 more",
      "by Message-ID",
    ])
      expect(body, words).toContain(words);
    expect(body).not.toContain("a-key-for-tests");
    expect(body).toContain('aria-label="Send again to support what was given up"');
    expect((await get("/outputs")).body).not.toContain("Send again");
    const replay = (kind: string) =>
      harness.app.inject({
        method: "POST",
        url: "/outputs/replay",
        headers: harness.bearer("operator"),
        payload: { kind, id: "support" },
      });
    const again = await replay("help-desk");
    expect([again.statusCode, again.headers.location]).toEqual([303, "/outputs?replayed=1"]);
    expect((await post("/v1/help-desks/support/replay", {})).json).toEqual({ replayed: 0 });
    expect((await replay("webhook")).statusCode).toBe(404);
    await queue.remove(hard.id);
  });

  test("a desk that fails, or that nobody serves, is trouble; a note that was given up is not", async () => {
    const desks = [{ id: "support" }];
    expect(await helpDeskTroubles(queues, desks)).toEqual([]);
    await logDeskDelivery(queues, "support", note({ outcome: "failed", error: "does not accept the key (401)" }));
    expect(await helpDeskTroubles(queues, desks)).toEqual(["support: does not accept the key (401)"]);
    await logDeskDelivery(queues, "support", note({ outcome: "present" }));
    await queues.get(helpDeskQueueOf("support")).add("old", hard, { timestamp: Date.now() - 11 * 60_000 });
    expect(await helpDeskTroubles(queues, desks)).toEqual(["support: the oldest event waits for 11 min"]);
  });
});
