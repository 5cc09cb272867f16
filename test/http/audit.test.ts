/** Every route that changes or hands out something is in the audit log, or in the list below with a reason. */
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry } from "../../src/store/audit/audit.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { startTestRedis } from "../support/redis.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

const event = makeEvent({ at: Date.UTC(2026, 3, 30), provider: "google" });
const RULES = "- id: own/full\n  when: { text: queue is full }\n  reason: system_full\n  because: Full.\n";
const run = "0123456789abcdef";

interface Example {
  readonly url?: string;
  readonly payload?: object | string;
  readonly type?: string;
  /** What it is called, and what it is said to be done to. */
  readonly action: string;
  readonly target?: string;
}
const list = (target: string, payload?: object, url?: string): Example => ({
  action: "list-change",
  target,
  ...(payload ? { payload } : {}),
  ...(url ? { url } : {}),
});

/** What changes something, by an example of it. */
const ACTS: Readonly<Record<string, Example>> = {
  "PUT /v1/suppressions/:value": list("a@example.org", { note: "asked" }, "/v1/suppressions/a@example.org"),
  "DELETE /v1/suppressions/:value": list("a@example.org", undefined, "/v1/suppressions/a@example.org"),
  "POST /v1/suppressions/bulk": list("b@example.org, c@example.org", {
    add: [{ value: "b@example.org" }],
    remove: [{ value: "c@example.org" }],
  }),
  "POST /v1/suppressions/:value/clear": list("a@example.org", undefined, "/v1/suppressions/a@example.org/clear"),
  "POST /v1/suppressions/history/:id/undo": list("999", undefined, "/v1/suppressions/history/999/undo"),
  "POST /v1/suppressions/import": { ...list(""), payload: "value\nd@example.org\n", type: "text/csv" },
  "POST /suppressions/add": list("e@example.org", { value: "e@example.org" }),
  "POST /suppressions/remove": list("e@example.org", { value: "e@example.org" }),
  "POST /suppressions/undo": list("1", { change: 1 }),
  "POST /suppressions/import": list("", { format: "bounced", csv: "value\nf@example.org\n", step: "import" }),
  "POST /v3/asm/suppressions/global": list("g@example.org", { recipient_emails: ["g@example.org"] }),
  "DELETE /v3/asm/suppressions/global/:email": list(
    "g@example.org",
    undefined,
    "/v3/asm/suppressions/global/g@example.org",
  ),
  ...Object.fromEntries(
    ["bounces", "blocks", "spam_reports", "invalid_emails", "unsubscribes"].flatMap((name) => [
      [`DELETE /v3/suppression/${name}`, list("h@example.org", { emails: ["h@example.org"] })],
      [
        `DELETE /v3/suppression/${name}/:email`,
        list("h@example.org", undefined, `/v3/suppression/${name}/h@example.org`),
      ],
    ]),
  ),
  "POST /v1/erase": {
    action: "erasure",
    target: expect.stringMatching(/^hmac:/) as never,
    payload: { address: "x@y.test" },
  },
  "POST /v1/events/emit": { action: "replay", target: event.id, payload: { ids: [event.id] } },
  "POST /v1/webhooks/:id/replay": { action: "replay", target: "shop", url: "/v1/webhooks/shop/replay" },
  "POST /v1/help-desks/:id/replay": { action: "replay", target: "support", url: "/v1/help-desks/support/replay" },
  "POST /outputs/replay": { action: "replay", target: "support", payload: { kind: "help-desk", id: "support" } },
  "POST /v1/webhooks/:id/replay-log": {
    action: "replay",
    target: "shop",
    url: "/v1/webhooks/shop/replay-log",
    payload: { filter: { from: "2026-05-01" } },
  },
  "PUT /v1/rules": { action: "rule-change", payload: { rules: RULES } },
  "DELETE /v1/rules": { action: "rule-change", target: "own/full", url: "/v1/rules?id=own/full" },
  "POST /unmatched/rule/save": { action: "rule-change", payload: { rules: RULES, version: "x" } },
  "POST /unmatched/rules/remove": {
    action: "rule-change",
    target: "own/full",
    payload: { id: "own/full", version: "x" },
  },
  ...Object.fromEntries(
    ["apply", "stop"].flatMap((verb) =>
      ["/v1/reclassifications", "/unmatched/reclassify"].map((path) => [
        `POST ${path}/:id/${verb}`,
        { action: "reclassification", target: run, url: `${path}/${run}/${verb}` },
      ]),
    ),
  ),
  "POST /v1/views": { action: "settings-change", payload: { name: "All", page: "log" } },
  "PUT /v1/views/:id": {
    action: "settings-change",
    target: "none",
    url: "/v1/views/none",
    payload: { name: "Other", page: "log" },
  },
  "DELETE /v1/views/:id": { action: "settings-change", target: "none", url: "/v1/views/none" },
  "POST /v1/views/:id/mail": { action: "export", target: "none", url: "/v1/views/none/mail" },
  "POST /views/save": { action: "settings-change", payload: { name: "Rates", page: "rates", query: "" } },
  "POST /views/mail": { action: "export", target: "none", payload: { id: "none" } },
  "POST /views/remove": { action: "settings-change", target: "none", payload: { id: "none" } },
  ...Object.fromEntries(
    ["close", "reopen"].flatMap((verb) =>
      ["/v1/incidents", "/incidents"].map((path) => [
        `POST ${path}/:id/${verb}`,
        { action: "incident-change", target: "i1-none-none", url: `${path}/i1-none-none/${verb}`, payload: {} },
      ]),
    ),
  ),
  ...Object.fromEntries(
    ["revoke", "restore"].flatMap((verb) => [
      [
        `POST /v1/people/:id/${verb}`,
        { action: "person-change", target: "pnobody", url: `/v1/people/pnobody/${verb}` },
      ],
      [`POST /people/${verb}`, { action: "person-change", target: "pnobody", payload: { id: "pnobody" } }],
    ]),
  ),
  "POST /queues/redrive": { action: "queue-change", target: "job-1", payload: { id: "job-1" } },
};

/** What is sent with another method than GET and is no act. */
const NO_ACT: Readonly<Record<string, string>> = {
  "POST /v1/suppressions/check": "reads",
  "POST /v1/suppressions/dry-run": "reads",
  "POST /v1/classify": "reads what it is given",
  "POST /v1/classify/message": "reads what it is given",
  "POST /codes/answer": "reads what it is given",
  "POST /codes/message": "reads what it is given",
  "POST /v1/rules/test": "reads",
  "POST /unmatched/rule": "reads",
  "POST /v1/reclassifications": "looks; replacing verdicts is another request",
  "POST /unmatched/reclassify": "looks; replacing verdicts is another request",
  "POST /v1/return-paths": "makes an address and stores nothing",
  "POST /v1/messages": "mail that comes in: the log has it",
  "POST /v1/refusals": "mail that comes in: the log has it",
  "POST /v1/tallies": "mail that comes in: counted",
  "POST /in/:source/:secret": "mail that comes in: the log has it",
  "POST /u/:token": "a recipient unsubscribes: the log and the history of the list have it",
  "POST /setup/test": "a message of our own, which is not recorded anywhere",
  "POST /mcp": "its tools record what they change, tested below",
  "DELETE /mcp": "answers 405",
  "POST /v1/incidents/:id/notes": "the incident keeps the note with its author and time",
  "POST /incidents/:id/notes": "the incident keeps the note with its author and time",
  "POST /language": "of one's own pages",
  "POST /sign-in": "recorded as a sign-in, tested below",
  "POST /sign-out": "recorded as a sign-out, tested below",
};

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.store.record([jobOf([event], "From: a\r\n\r\nraw")]);
});
afterAll(() => harness.close());

const newest = async (limit = 1): Promise<readonly AuditEntry[]> => harness.store.audit.search({ limit });
const lastId = async (): Promise<number> => (await newest())[0]?.id ?? 0;
const since = async (id: number): Promise<readonly AuditEntry[]> =>
  (await newest(20)).filter((entry) => entry.id > id).toReversed();

async function ask(route: string, { url, payload, type }: Partial<Example> = {}, caller: Caller = "admin") {
  const [method = "", path = ""] = route.split(" ");
  const answer = await harness.app.inject({
    method: method as "POST",
    url: url ?? path,
    headers: { ...harness.bearer(caller), "x-request-id": "of-this-test", ...(type ? { "content-type": type } : {}) },
    remoteAddress: "192.0.2.7",
    ...(payload === undefined ? {} : { payload }),
  });
  // The end is written when the answer has been sent.
  await new Promise((resolve) => setImmediate(resolve));
  return answer;
}

test("every route that is no GET is in one of the two lists", () => {
  const routes = [...harness.routes].filter((route) => !route.startsWith("GET "));
  expect(routes.toSorted()).toEqual([...Object.keys(ACTS), ...Object.keys(NO_ACT)].toSorted());
});

for (const [route, example] of Object.entries(ACTS))
  test(`${route} is recorded`, async () => {
    const before = await lastId();
    const { statusCode } = await ask(route, example);
    const entries = await since(before);
    expect(entries).toMatchObject([
      {
        action: example.action,
        actor: "token:admin",
        target: example.target ?? "",
        detail: expect.stringContaining(route),
        address: "192.0.2.7",
        requestId: "of-this-test",
      },
    ]);
    const ends = { done: [200, 202, 201, 204, 303], refused: [400, 403, 404, 409, 429], failed: [500, 501, 503] };
    await expect.poll(async () => (await newest())[0]?.outcome).not.toBe("begun");
    expect(ends[(await newest())[0]?.outcome as "done"]).toContain(statusCode);
  });

test("every download is recorded, whatever its route", { timeout: 120_000 }, async () => {
  const downloads: string[] = [];
  for (const route of harness.routes) {
    // The checks of the set-up ask DNS and other services.
    if (!route.startsWith("GET ") || /\*|\/stream|\/setup\/checks/.test(route)) continue;
    const url = route.slice(4).replace(":id", event.id).replaceAll(/:\w+/g, "user@example.org");
    for (const caller of ["admin", "exporter"] as const) {
      const before = await lastId();
      const answer = await ask(route, { url }, caller);
      if (!answer.headers["content-disposition"]?.startsWith("attachment")) continue;
      downloads.push(route);
      expect((await since(before)).map(({ action }) => action)).toEqual([
        route.endsWith("/raw") ? "raw-read" : "export",
      ]);
    }
  }
  expect(new Set(downloads)).toEqual(
    new Set([
      "GET /v1/events/:id/raw",
      "GET /v1/events.csv",
      "GET /v1/events.jsonl",
      "GET /v1/suppressions.csv",
      "GET /v1/suppressions.jsonl",
      "GET /v1/audit.csv",
      "GET /v1/audit.jsonl",
    ]),
  );
});

test("the page of an event shows no message until it is asked to, and then it is recorded", async () => {
  const before = await lastId();
  expect((await ask(`GET /log/${event.id}`)).body).not.toContain('aria-label="Source of the message"');
  expect(await since(before)).toEqual([]);
  expect((await ask(`GET /log/${event.id}?raw=1`)).body).toContain('aria-label="Source of the message"');
  expect(await since(before)).toMatchObject([{ action: "raw-read", target: event.id }]);
  const again = await lastId();
  expect((await ask(`GET /log/${event.id}?raw=1`, {}, "viewer")).body).not.toContain("Source of the message");
  expect(await since(again)).toEqual([]);
});

test("a preview and a dry run are no acts", async () => {
  const before = await lastId();
  await ask("POST /v1/suppressions/import", {
    url: "/v1/suppressions/import?preview=1",
    payload: "value\nz@z.test\n",
    type: "text/csv",
  });
  await ask("POST /suppressions/import", { payload: { format: "bounced", csv: "value\nz@z.test\n", step: "preview" } });
  expect(await since(before)).toEqual([]);
});

test("tools of MCP that write are recorded with the request that called them", async () => {
  const call = (dryRun: boolean) =>
    harness.app.inject({
      method: "POST",
      url: "/mcp",
      headers: {
        ...harness.bearer("operator"),
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-06-18",
        "x-request-id": "of-mcp",
      },
      payload: {
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "suppress", arguments: { value: "m@example.org", note: "asked", dryRun } },
      },
    });
  const before = await lastId();
  await call(true);
  expect(await since(before)).toEqual([]);
  const answer = await call(false);
  expect(answer.statusCode, answer.body).toBe(200);
  expect(await since(before)).toMatchObject([
    { action: "list-change", actor: "mcp:operator", target: "m@example.org", requestId: "of-mcp", outcome: "done" },
  ]);
});

test("signing in and out, and what was refused", async () => {
  const before = await lastId();
  const signIn = (secret: string) =>
    harness.app.inject({ method: "POST", url: "/sign-in", payload: { secret }, remoteAddress: "192.0.2.9" });
  const { cookies } = await signIn(harness.tokens.operator);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const page = await harness.app.inject({ url: "/", headers: { cookie } });
  const csrf = / name="csrf" content="([^"]+)"/.exec(page.body)?.[1] ?? "";
  await harness.app.inject({ method: "POST", url: "/sign-out", headers: { cookie, "x-csrf-token": csrf } });
  await signIn("bnc_aaaaaaaa_wrong");
  await signIn("a wrong password");
  await harness.app.inject("/sign-in/not-a-link");
  await harness.app.inject({ url: "/v1/events", headers: { authorization: "Bearer wrong" } });
  expect((await since(before)).map(({ action, actor, outcome }) => [action, actor, outcome])).toEqual([
    ["sign-in", "token:operator", "done"],
    ["sign-out", "token:operator", "done"],
    ...Array.from({ length: 4 }, () => ["sign-in-refused", "unknown", "refused"]),
  ]);
  expect(JSON.stringify(await newest(10))).not.toContain("a wrong password");
});

test("strangers cannot fill the log: refusals beyond two hundred an hour are in the service log alone", async () => {
  harness.clock.at += 3_600_000;
  const before = await lastId();
  for (let at = 0; at < 250; at++)
    await harness.app.inject({
      url: "/v1/events",
      headers: { authorization: "Bearer wrong" },
      remoteAddress: `198.51.100.${at}`,
    });
  const entries = (await newest(300)).filter(({ id }) => id > before);
  expect(entries).toHaveLength(200);
  expect(entries[0]?.detail).toContain("further ones in this hour are in the service log only");
});

test("where nothing can be recorded nothing is done; signing in goes on", async () => {
  const { store } = harness;
  const down = { ...store, audit: { ...store.audit, add: () => Promise.reject(new Error("disk full")) } };
  const broken = await startHarness({ store: down });
  const asked = (method: "GET" | "PUT" | "POST", url: string, caller: Caller, payload?: object) =>
    broken.app.inject({ method, url, headers: broken.bearer(caller), ...(payload ? { payload } : {}) });
  for (const answer of [
    await asked("GET", "/v1/events.csv", "exporter"),
    await asked("GET", `/v1/events/${event.id}/raw`, "operator"),
    await asked("PUT", "/v1/suppressions/unrecorded@example.org", "operator", {}),
    await asked("POST", "/v1/erase", "admin", { address: "ann@example.org" }),
  ]) {
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining("audit log") });
  }
  expect(await store.suppressions.find("unrecorded@example.org")).toEqual([]);
  const answer = await broken.app.inject({
    method: "POST",
    url: "/sign-in",
    payload: { secret: broken.tokens.viewer },
  });
  expect(answer.statusCode).toBe(303);
  await broken.close();
});

test("whoever hangs up does not decide what is written: the act went on", async () => {
  const gate = Promise.withResolvers<void>();
  const { store } = harness;
  const slow = {
    ...store,
    suppressions: {
      ...store.suppressions,
      add: async (...given: Parameters<typeof store.suppressions.add>) => {
        await gate.promise;
        return store.suppressions.add(...given);
      },
    },
  };
  const own = await startHarness({ store: slow });
  await own.app.listen({ port: 0, host: "127.0.0.1" });
  const before = await lastId();
  const client = connect((own.app.server.address() as AddressInfo).port, "127.0.0.1");
  const body = "{}";
  client.write(
    `PUT /v1/suppressions/hung-up@example.org HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${own.bearer("operator").authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await expect.poll(() => since(before)).toMatchObject([{ target: "hung-up@example.org", outcome: "begun" }]);
  client.destroy();
  // Another request is answered after the server saw the first one go.
  await fetch(`http://127.0.0.1:${(own.app.server.address() as AddressInfo).port}/healthz`);
  expect(await since(before)).toMatchObject([{ outcome: "begun" }]);
  gate.resolve();
  await expect.poll(() => since(before)).toMatchObject([{ target: "hung-up@example.org", outcome: "done" }]);
  expect(await store.suppressions.find("hung-up@example.org")).toHaveLength(1);
  await own.close();
});

test("the board shows no job without an entry, and each address is a reader of its own", async () => {
  const redis = await startTestRedis();
  const queues = openQueues({ redisUrl: redis.url, prefix: "audit" });
  let isDown = true;
  const { store } = harness;
  const add: typeof store.audit.add = (act) => (isDown ? Promise.reject(new Error("disk full")) : store.audit.add(act));
  const own = await startHarness({ store: { ...store, audit: { ...store.audit, add } }, ports: { queues } as never });
  const look = async (remoteAddress: string) =>
    (await own.app.inject({ url: "/queues/board/api/queues", headers: own.bearer("admin"), remoteAddress })).statusCode;
  expect([await look("192.0.2.1"), await look("192.0.2.1")]).toEqual([503, 503]);
  isDown = false;
  const before = await lastId();
  for (const address of ["192.0.2.1", "192.0.2.1", "192.0.2.2"]) expect(await look(address)).toBe(200);
  expect((await since(before)).map(({ action, address }) => [action, address])).toEqual([
    ["raw-read", "192.0.2.1"],
    ["raw-read", "192.0.2.2"],
  ]);
  await own.close();
  await queues.close();
  await redis.stop();
});

test("other ways to the same act: HEAD, a slash at the end, a base path, a method in a header", async () => {
  const before = await lastId();
  const exporter = harness.bearer("exporter");
  await harness.app.inject({ method: "HEAD", url: "/v1/events.csv", headers: exporter });
  await harness.app.inject({ method: "GET", url: "/v1/events.csv/", headers: exporter });
  await harness.app.inject({
    method: "POST",
    url: "/v1/events.csv",
    headers: { ...exporter, "x-http-method-override": "GET" },
  });
  await ask("PUT /v1/suppressions/:value", { url: "/v1/suppressions/slash@example.org/", payload: {} });
  expect((await since(before)).map(({ action, target }) => [action, target])).toEqual([
    ["export", ""],
    ["export", ""],
    ["list-change", "slash@example.org"],
  ]);
});

test("what a caller writes is data: headers of a proxy, formulas, HTML", async () => {
  const before = await lastId();
  await harness.app.inject({
    method: "PUT",
    url: "/v1/suppressions/forge@example.org",
    headers: {
      ...harness.bearer("operator"),
      "x-forwarded-for": "203.0.113.9",
      forwarded: "for=203.0.113.9",
      "x-request-id": "=1+1<script>",
    },
    remoteAddress: "192.0.2.7",
    payload: { note: '=HYPERLINK("http://evil.test","<b>x</b>")' },
  });
  const [entry] = await since(before);
  expect(entry).toMatchObject({ address: "192.0.2.7", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  await harness.store.audit.add({
    ...(entry as AuditEntry),
    actor: '=HYPERLINK("x")',
    target: "+1",
    detail: "@SUM(1)",
    address: "-1",
  });
  const csv = (await ask(`GET /v1/audit.csv?from=2026-05-01`)).body.split("\n");
  const cells = csv.find((line) => line.includes("HYPERLINK(")) ?? "";
  expect(cells).not.toMatch(/(?:^|,)"?[=+@-](?!\d{4})/);
  const page = (await ask("GET /audit")).body;
  expect(page).toContain("&lt;b&gt;x&lt;/b&gt;");
  expect(page).not.toContain("<b>x</b>");
});

test("it is for admins: one page, filters, CSV and JSON lines", async () => {
  const { entries } = (await ask("GET /v1/audit?action=erasure&limit=1")).json<{ entries: AuditEntry[] }>();
  expect(entries).toMatchObject([{ action: "erasure", actor: "token:admin" }]);
  const csv = (await ask("GET /v1/audit.csv?action=erasure")).body.split("\n");
  expect(csv[0]).toBe("id,at,action,outcome,actor,actorId,target,detail,address,requestId");
  expect(csv[1]).toContain(",erasure,");
  const [line = ""] = (await ask("GET /v1/audit.jsonl?action=erasure")).body.split("\n");
  expect(JSON.parse(line)).toMatchObject(entries[0] ?? {});
  const page = (await ask("GET /audit?action=erasure")).body;
  expect(page).toContain("Address erased");
  expect(page).toContain('href="/v1/audit.csv?action=erasure"');
  expect((await ask("GET /v1/audit", {}, "operator")).statusCode).toBe(403);
  expect((await ask("GET /audit", {}, "exporter")).statusCode).toBe(403);
});
