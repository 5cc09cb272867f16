/** Each provider's client against a fake of its API: the same promises for all of them. */
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitOf } from "../../src/outputs/api/calls.ts";
import { AskedToWait, ProviderTrouble, RefusedRequest } from "../../src/outputs/api/errors.ts";
import type { ListClient, TheirEntry } from "../../src/sync/list-client.ts";
import { openList } from "../../src/sync/providers/index.ts";
import { syncSchema } from "../../src/sync/settings.ts";
import type { SyncItem } from "../../src/store/sync/sync-item.ts";
import type { FakeProvider } from "./fakes/fake-api.ts";
import { startFakeSendgrid, startFakeSes } from "./fakes/amazon-and-sendgrid.ts";
import {
  startFakeBrevo,
  startFakeMailgun,
  startFakePostmark,
  startFakeResend,
  startFakeSparkpost,
} from "./fakes/others.ts";

const AT = Date.UTC(2026, 1, 1, 9, 30);
const item = (value: string, cause: SyncItem["cause"] = "hard", reason = "mailbox_unknown"): SyncItem => ({
  value,
  wanted: "add",
  cause,
  reason,
  state: "pending",
  attempts: 0,
  error: "",
  updatedAt: new Date(AT).toISOString(),
});

const clientOf = ({ api, settings }: FakeProvider, more: object = {}): ListClient => {
  const [target] = syncSchema.parse([
    { ...settings, url: api.url, allowPrivate: true, requestsPerSecond: 100, ...more },
  ]);
  if (!target) throw new Error("no target");
  return openList(target);
};
const all = async (client: ListClient): Promise<readonly TheirEntry[]> => {
  const entries: TheirEntry[] = [];
  for await (const entry of client.list()) entries.push(entry);
  return entries;
};

/** With a character that a path must escape. */
const ADDRESSES = ["ann+tag@example.org", "o'hara/x@example.org", "üml@example.org"];

describe.each([
  ["ses", startFakeSes, 2345],
  ["sendgrid", startFakeSendgrid, 1234],
  ["mailgun", startFakeMailgun, 2345],
  ["postmark", startFakePostmark, 2345],
  ["sparkpost", startFakeSparkpost, 12_345],
  ["resend", startFakeResend, 250],
  ["brevo", startFakeBrevo, 250],
] as const)("%s", (_name, start, many) => {
  let fake: FakeProvider;
  let client: ListClient;
  beforeAll(async () => {
    fake = await start();
    client = clientOf(fake);
  });
  afterAll(() => fake.api.close());
  const addresses = (): readonly string[] => [
    ...new Set([...fake.held.keys()].map((name) => name.replace(/^\w+ /, ""))),
  ];

  test("what is added is on their list, and what is removed is not, wherever it was", async () => {
    for (const address of ADDRESSES) expect(await client.add([item(address)])).toEqual(new Map());
    expect(addresses().toSorted()).toEqual(ADDRESSES.toSorted());
    expect(
      (await all(client))
        .map(({ address }) => address)
        .toSorted()
        .at(0),
    ).toBe(ADDRESSES[0]);
    fake.put("bounced@example.org", "bounce", AT);
    fake.put("complained@example.org", "bounce", AT);
    for (const address of [...ADDRESSES, "bounced@example.org", "complained@example.org"])
      expect(await client.remove([item(address)])).toEqual(new Map());
    expect(fake.held.size).toBe(0);
  });

  test("repeating either changes nothing", async () => {
    await client.add([item("twice@example.org")]);
    await client.add([item("twice@example.org")]);
    expect(addresses()).toEqual(["twice@example.org"]);
    await client.remove([item("twice@example.org")]);
    expect(await client.remove([item("twice@example.org")])).toEqual(new Map());
  });

  test("as many at once as it says", async () => {
    const some = Array.from({ length: client.addBatch }, (_, at) => item(`batch${at}@example.org`));
    await client.add(some);
    expect(addresses().length).toBe(some.length);
    for (let at = 0; at < Math.min(some.length, 60); at += client.removeBatch)
      await client.remove(some.slice(at, at + client.removeBatch));
    expect(addresses().length).toBe(
      Math.max(
        0,
        some.length - (client.removeBatch > 1 ? Math.ceil(60 / client.removeBatch) * client.removeBatch : 60),
      ),
    );
    fake.held.clear();
  });

  test("all pages of their list, with time and reason", async () => {
    for (let at = 0; at < many; at++) fake.put(`u${at}@example.org`, "bounce", AT);
    fake.put("last@example.org", "complaint", AT + 1000);
    const entries = await all(client);
    expect(new Set(entries.map(({ address }) => address)).size).toBe(many + 1);
    expect(entries.find(({ address }) => address === "u0@example.org")).toMatchObject({ at: AT, cause: "import" });
    expect(entries.find(({ address }) => address === "last@example.org")).toMatchObject({
      at: AT + 1000,
      cause: "complaint",
    });
  });

  test("a list that ends with an error is no list", async () => {
    const pages = fake.api.requests.length;
    await all(client);
    const used = fake.api.requests.length - pages;
    let left = used - 1;
    fake.api.intercept = () => (left-- > 0 ? undefined : { status: 500, text: "boom" });
    await expect(all(client)).rejects.toThrow(ProviderTrouble);
    fake.api.intercept = () => undefined;
    fake.held.clear();
    expect(await all(client)).toEqual([]);
  });

  test.each([
    ["an empty object", { status: 200, json: {} }],
    ["null", { status: 200, json: null }],
    ["nothing", { status: 200, text: "" }],
    ["a page for people", { status: 200, text: "<html>maintenance</html>" }],
    ["an object that says error", { status: 200, json: { error: "internal" } }],
    ["no such path", { status: 404, text: "" }],
    ["a redirect", { status: 302, headers: { location: "http://169.254.169.254/" }, text: "" }],
    ["a refusal", { status: 400, json: { message: "bad" } }],
    ["a wrong key", { status: 401, json: {} }],
    ["a broken connection", null],
  ])("%s is not an empty list", async (_what, answer) => {
    fake.api.faults.push(answer);
    await expect(all(client)).rejects.toThrow(ProviderTrouble);
  });

  test("asked to wait, it says how long", async () => {
    fake.api.faults.push({ status: 429, headers: { "retry-after": "7" }, json: {} });
    const waiting = await client.add([item("a@example.org")]).catch((error: unknown) => error);
    expect(waiting).toBeInstanceOf(AskedToWait);
    expect((waiting as AskedToWait).ms).toBe(7000);
    fake.api.faults.push({ status: 503, headers: { "retry-after": "2" } });
    await expect(client.remove([item("a@example.org")])).rejects.toThrow(AskedToWait);
  });

  test.each([
    ["an error", { status: 500, json: {} }],
    ["a wrong key", { status: 401, json: {} }],
    ["a path that is not there", { status: 404, text: "not found" }],
    ["a broken connection", null],
  ])("%s is nothing about the address", async (_what, answer) => {
    for (const work of ["add", "remove"] as const) {
      fake.api.faults.push(answer);
      await expect(client[work]([item("a@example.org")])).rejects.toThrow(ProviderTrouble);
    }
  });

  test("a refusal names what they said", async () => {
    fake.api.faults.push({ status: 400, json: { message: "not an address" } });
    await expect(client.add([item("a@example.org")])).rejects.toThrow(RefusedRequest);
    fake.api.faults.push({ status: 400, json: { message: "not an address" } });
    await expect(client.add([item("a@example.org")])).rejects.toThrow(/^400 .*not an address/);
  });

  test("a key that the provider does not know is a trouble, not a refusal of an address", async () => {
    const wrong = clientOf(fake, { key: "another-key-for-tests" });
    await expect(wrong.add([item("a@example.org")])).rejects.toThrow(/does not accept the key/);
    await expect(wrong.remove([item("a@example.org")])).rejects.toThrow(/does not accept the key/);
    await expect(all(wrong)).rejects.toThrow(/does not accept the key/);
  });

  test("its address is a public one, unless the settings say otherwise", async () => {
    const guarded = clientOf(fake, { allowPrivate: false, url: fake.api.url.replace("http:", "https:") });
    const before = fake.api.requests.length;
    await expect(guarded.add([item("a@example.org")])).rejects.toThrow(/not a public address/);
    expect(fake.api.requests.length).toBe(before);
  });
});

test("SendGrid: an address is removed from each of its lists; blocks are read only where they are named", async () => {
  const fake = await startFakeSendgrid();
  for (const list of ["bounces", "blocks", "spam_reports", "unsubscribes", "invalid_emails"])
    fake.put("ann@example.org", list, AT);
  const lists = async (more: object = {}): Promise<readonly string[]> =>
    (await all(clientOf(fake, more))).map(({ list }) => list);
  expect(await lists()).toEqual(["bounces", "spam_reports", "unsubscribes", "invalid_emails"]);
  expect(await lists({ lists: ["blocks"] })).toEqual(["blocks"]);
  await clientOf(fake).remove([item("ann@example.org")]);
  expect(fake.held.size).toBe(0);
  await fake.api.close();
});

test("SendGrid's own client does with the fake what it does with SendGrid", async () => {
  const fake = await startFakeSendgrid();
  const { Client } = createRequire(import.meta.url)("@sendgrid/client") as {
    Client: new () => {
      setApiKey(key: string): void;
      setDefaultRequest(name: string, value: string): void;
      request(options: object): Promise<[{ statusCode: number }, unknown]>;
    };
  };
  const theirs = new Client();
  theirs.setApiKey("SG.a-key-for-tests");
  theirs.setDefaultRequest("baseUrl", `${fake.api.url}/`);
  const ask = async (method: string, url: string, body?: object) => {
    const [{ statusCode }, json] = await theirs.request({ method, url, ...(body ? { body } : {}) });
    return { statusCode, json };
  };
  await clientOf(fake).add([item("ann@example.org")]);
  fake.put("bob@example.org", "bounces", AT);
  expect((await ask("GET", "/v3/suppression/unsubscribes?limit=500&offset=0")).json).toMatchObject([
    { email: "ann@example.org" },
  ]);
  expect(await ask("DELETE", "/v3/suppression/bounces/bob@example.org")).toMatchObject({ statusCode: 204 });
  await expect(ask("DELETE", "/v3/suppression/bounces/bob@example.org")).rejects.toThrow("Not Found");
  const body = { recipient_emails: ["cleo@example.org"] };
  expect(await ask("POST", "/v3/asm/suppressions/global", body)).toMatchObject({ statusCode: 201, json: body });
  expect((await all(clientOf(fake))).map(({ address }) => address)).toEqual(["ann@example.org", "cleo@example.org"]);
  await fake.api.close();
});

test("Mailgun: causes go to lists of their own, and a next page of another place is not followed", async () => {
  const fake = await startFakeMailgun();
  await clientOf(fake).add([
    item("hard@example.org"),
    item("spam@example.org", "complaint", "complaint"),
    item("left@example.org", "complaint", "unsubscribe"),
  ]);
  expect([...fake.held.keys()]).toEqual([
    "bounces hard@example.org",
    "complaints spam@example.org",
    "unsubscribes left@example.org",
  ]);
  fake.api.faults.push({
    status: 200,
    json: { items: [{ address: "a@example.org" }], paging: { next: "http://169.254.169.254/latest/meta-data" } },
  });
  await expect(all(clientOf(fake))).rejects.toThrow(/next page is not one of the list/);
  expect(fake.api.requests.every(({ url }) => url.pathname.startsWith("/v3/mg.example.com/"))).toBe(true);
  await expect(clientOf(fake, { domain: "other.example.com" }).remove([item("a@example.org")])).rejects.toThrow(
    /correct domain/,
  );
  await fake.api.close();
});

test("Postmark: one address of a batch that is refused costs the others nothing", async () => {
  const fake = await startFakePostmark();
  const refused = await clientOf(fake).add([item("ok@example.org"), item("refused@example.org")]);
  expect([...refused]).toEqual([["refused@example.org", "You do not have the required authority."]]);
  fake.put("spam@example.org", "complaint", AT);
  const kept = await clientOf(fake).remove([item("ok@example.org"), item("spam@example.org")]);
  expect([...kept.keys()]).toEqual(["spam@example.org"]);
  expect([...fake.held.keys()]).toEqual(["spam@example.org"]);
  await fake.api.close();
});

test("SparkPost: both types of mail, and an entry that only SparkPost may remove is refused with its words", async () => {
  const fake = await startFakeSparkpost();
  await clientOf(fake).add([item("a@example.org")]);
  expect([...fake.held.keys()]).toEqual(["transactional a@example.org", "non_transactional a@example.org"]);
  fake.put("law@example.org", "Compliance", AT);
  const kept = await clientOf(fake).remove([item("law@example.org")]);
  expect(kept.get("law@example.org")).toContain("Compliance");
  await fake.api.close();
});

test("Brevo: a page that is left out is no end of the list", async () => {
  const fake = await startFakeBrevo();
  fake.api.faults.push({ status: 200, json: { count: 12 } });
  await expect(all(clientOf(fake))).rejects.toThrow(/left out a page/);
  expect(await all(clientOf(fake))).toEqual([]);
  await fake.api.close();
});

test("how long to wait, in each of their words", () => {
  const now = Date.UTC(2026, 0, 1);
  expect(waitOf({ "retry-after": "30" }, now)).toBe(30_000);
  expect(waitOf({ "retry-after": new Date(now + 90_000).toUTCString() }, now)).toBe(90_000);
  expect(waitOf({ "x-ratelimit-reset": String(now / 1000 + 12) }, now)).toBe(12_000);
  expect(waitOf({ "x-sib-ratelimit-reset": "44" }, now)).toBe(44_000);
  expect(waitOf({ "x-ratelimit-retry-after": "21" }, now)).toBe(21_000);
  expect(waitOf({ "retry-after": "999999999" }, now)).toBe(3_600_000);
  expect(waitOf({ "retry-after": "soon" }, now)).toBe(30_000);
  expect(waitOf({}, now)).toBe(30_000);
});
