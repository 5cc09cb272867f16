import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BouncedEvent } from "../../src/event/event.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { readReturnPath } from "../../src/return-path/read.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { settleSharedPaths } from "../../src/queues/shared-paths.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

const NOW = "2026-11-29T10:00:00.000Z";
const settings = {
  secrets: ["key"],
  prefix: "b",
  maxAgeDays: 30,
  tokenMaxAgeDays: 400,
  verp: { separator: "+", at: "=" },
  batv: { secrets: ["secret"] },
  srs: { secrets: ["secret"] },
};
let server: TestRedis;
let queues: Queues;
beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "shared" });
});
afterAll(async () => {
  await queues.close();
  await server.stop();
});

function bounceTo(address: string, mailed: string): BouncedEvent {
  const reading = readReturnPath(address, settings, NOW);
  expect(reading?.check, address).toBe("valid");
  const { scheme, recipient, tag, issuedAt } = reading!;
  return sampleEvent({
    proof: "shared_path",
    recipient: { mailed, address: mailed, original: null, domain: "example.org" },
    returnPath: { address, scheme, recipient, tag, issuedAt },
  });
}
const settle = async (...events: BouncedEvent[]): Promise<string[]> =>
  (await settleSharedPaths(queues, events, "en")).map(({ authenticity }) => authenticity);

const batv = (key: string, user = "bounces@bounces.example.com"): string => {
  const mac = bytesToHex(hmac(sha1, utf8ToBytes("secret"), utf8ToBytes(`${key}${user}`))).slice(0, 6);
  const [local, domain] = user.split("@");
  return `prvs=${key}${mac}=${local}@${domain}`;
};
const srs = (length: number, user = "user"): string => {
  const octets = hmac(sha1, utf8ToBytes("secret"), utf8ToBytes(`jmsender.example${user}`));
  const hash = btoa(String.fromCharCode(...octets)).slice(0, length);
  return `SRS0=${hash}=JM=sender.example=${user}@bounces.example.com`;
};
const tagged = (tag: string): string => createReturnPath({ domain: "bounces.example.com", tag }, settings, NOW);

const userFirst = (address: string): string => address.replace(/^prvs=(\w{10})=([^@]+)/, "prvs=$2=$1");

// Every spelling in a row is one path.
test.each([
  ["signed without a recipient", [tagged("c42"), tagged("c42").toUpperCase().replace(/@.*/, "@bounces.example.com")]],
  ["BATV", [batv("0793"), userFirst(batv("0793")), batv("0793").replace("bounces@", "BOUNCES@")]],
  ["SRS", [srs(8), srs(12), srs(20), srs(8).replace("SRS0=", "SRS0+")]],
])("%s counts for the first recipient, on every run and in every spelling, and for no other", async (_, spellings) => {
  const [path = "", ...others] = spellings;
  expect(await settle(bounceTo(path, "first@example.org"), bounceTo(path, "second@example.org"))).toEqual([
    "likely",
    "unproven",
  ]);
  for (const other of [path, ...others]) {
    expect(await settle(bounceTo(other, "victim@example.org")), other).toEqual(["unproven"]);
    expect(await settle(bounceTo(other, "First@EXAMPLE.org")), other).toEqual(["likely"]);
  }
});

test("another path counts for somebody else; what is left without proof asks for no suppression", async () => {
  expect(await settle(bounceTo(tagged("c43"), "second@example.org"))).toEqual(["likely"]);
  expect(await settle(bounceTo(batv("0793", "news@bounces.example.com"), "second@example.org"))).toEqual(["likely"]);
  const [event] = await settleSharedPaths(queues, [bounceTo(tagged("c43"), "third@example.org")], "en");
  expect(event).toMatchObject({ authenticity: "unproven", proof: null, advice: "investigate" });
  expect(event?.explanation).toContain("Nothing proves");
  expect(event?.warnings).toContainEqual({ code: "unbound-path", value: "third@example.org" });
});

test("no address stays in Redis", async () => {
  await settle(bounceTo(tagged("c44"), "secret.person@example.org"));
  const keys = await queues.redis.keys("shared:shared-recipients:*");
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    expect(`${key} ${(await queues.redis.smembers(key)).join(" ")}`).not.toMatch(/person|example/);
    expect(await queues.redis.ttl(key)).toBeGreaterThan(0);
  }
});

test("events that rest on another proof cost no question", async () => {
  const events = [sampleEvent({ proof: "return_path", authenticity: "proven" })];
  expect(await settleSharedPaths({ redis: null as never, prefix: "" }, events, "en")).toBe(events);
});

const signedBy = (id: string, mailed: string): BouncedEvent =>
  sampleEvent({
    proof: "shared_dkim",
    signals: [{ check: "own_signature", result: "pass", domain: "example.com", detail: id }],
    recipient: { mailed, address: mailed, original: null, domain: "example.org" },
  });
const many = (id: string, from: number, count: number): BouncedEvent[] =>
  Array.from({ length: count }, (_, at) => signedBy(id, `user${from + at}@example.org`));

test("a signature counts for five recipients, on every run, and for none of a thousand more", async () => {
  const first = await settle(...many("s1", 0, 3));
  expect(first).toEqual(["likely", "likely", "likely"]);
  const replayed = await settle(...many("s1", 3, 1000));
  expect(replayed.slice(0, 2)).toEqual(["likely", "likely"]);
  expect(new Set(replayed.slice(2))).toEqual(new Set(["unproven"]));
  expect(await settle(...many("s1", 0, 6))).toEqual([...Array.from({ length: 5 }, () => "likely"), "unproven"]);
  expect(await settle(signedBy("s2", "user900@example.org"))).toEqual(["likely"]);
  const [event] = await settleSharedPaths(queues, many("s1", 900, 1), "en");
  expect(event).toMatchObject({ authenticity: "unproven", proof: null, advice: "investigate" });
  expect(event?.warnings).toContainEqual({ code: "used-signature", value: "user900@example.org" });
});

test("workers that ask at the same time let in no more", async () => {
  const answers = await Promise.all(many("s3", 0, 200).map((event) => settle(event)));
  expect(answers.flat().filter((grade) => grade === "likely")).toHaveLength(5);
  const sizes = await Promise.all(
    (await queues.redis.keys("shared:shared-recipients:*")).map((key) => queues.redis.scard(key)),
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
});

test("a count that Redis does not give costs the grade alone", async () => {
  const redis = { eval: () => Promise.reject(new Error("OOM command not allowed")) } as never;
  const given = signedBy("s4", "user@example.org");
  const [event] = await settleSharedPaths({ redis, prefix: "x" }, [given], "en");
  expect(event).toMatchObject({ id: given.id, severity: "hard", authenticity: "unproven", proof: null });
});
