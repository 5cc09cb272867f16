/** One-click unsubscribing, RFC 8058: the page, what it hands in, and what is read of it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken, createUnsubscribe } from "../../src/client/token.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { AcceptedEnvelope } from "../../src/intake/accept.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import { messageInputOf } from "../../src/sources/message-input.ts";
import { startHarness, type Harness } from "./harness.ts";

const SECRET = "a-key-for-tests-only";
const USER = "user@example.org";
const secrets = [SECRET];
/** A day before the clock of the harness. */
const now = "2026-04-30T12:00:00Z";
const token = createToken({ recipient: USER, tag: "newsletter", secrets, now });
const FORM = "application/x-www-form-urlencoded";
let harness: Harness;
const accepted: (ReceivedMessage & AcceptedEnvelope)[] = [];

beforeAll(async () => {
  const config = loadConfig({});
  harness = await startHarness({
    config: { ...config, file: { ...config.file, unsubscribe: { url: "https://u.example.com" } } },
    intake: {
      accept(message, envelope) {
        accepted.push({ ...message, ...envelope });
        return Promise.resolve("m1");
      },
    },
  });
});
afterAll(() => harness.close());

const post = (path: string, payload = "List-Unsubscribe=One-Click", headers: Record<string, string> = {}) =>
  harness.app.inject({ method: "POST", url: path, headers: { "content-type": FORM, ...headers }, payload });
const settings = readSettingsOf(loadConfig({ BOUNCED_SECRET: SECRET, BOUNCED_DOMAINS: "bounces.example.com" }));

test("GET shows a button and changes nothing", async () => {
  const { statusCode, body } = await harness.app.inject({ method: "GET", url: `/u/${token}` });
  expect(statusCode).toBe(200);
  expect(body).toContain(`action="/u/${token}"`);
  expect(body).not.toContain(USER);
  expect(accepted).toEqual([]);
});

test("POST acts, as a form of either kind, from anywhere, without signing in; twice an hour is once", async () => {
  const multipart = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
  for (const answer of [
    await post(`/u/${token}`),
    await post(`/u/${token.toUpperCase()}`, undefined, { "sec-fetch-site": "cross-site", origin: "https://mail.test" }),
    await post(`/u/${token}`, multipart, { "content-type": "multipart/form-data; boundary=b" }),
  ])
    expect([answer.statusCode, answer.headers["set-cookie"], answer.headers.location]).toEqual([
      200,
      undefined,
      undefined,
    ]);
  expect(accepted).toHaveLength(3);
  expect(new Set(accepted.map(({ sha256 }) => sha256)).size).toBe(1);
});

test("its event is a proven unsubscribe of the recipient and the tag of the token", async () => {
  const [one] = accepted;
  if (!one) throw new Error("nothing was handed in");
  const input = messageInputOf(Buffer.from(one.octets), 256 * 1024);
  const envelope = { reversePath: one.reversePath, forwardPath: one.forwardPaths[0] ?? null };
  expect(await readMessage({ ...input, receivedAt: one.receivedAt ?? null, envelope }, settings)).toMatchObject([
    {
      kind: "complaint",
      reason: "unsubscribe",
      authenticity: "proven",
      proof: "token",
      recipient: { mailed: USER },
      returnPath: { scheme: "token", tag: "newsletter" },
    },
  ]);
});

test.each([
  ["another's letters", `/u/${token.replace("user", "uses")}`, "List-Unsubscribe=One-Click", 404],
  ["another key", `/u/${createToken({ recipient: USER, secrets: ["other"] })}`, "List-Unsubscribe=One-Click", 404],
  ["no token", "/u/x", "List-Unsubscribe=One-Click", 404],
  ["another body", `/u/${token}`, "a=b", 400],
])("%s: nothing happens", async (_, path, payload, status) => {
  const before = accepted.length;
  expect((await post(path, payload)).statusCode).toBe(status);
  expect(accepted).toHaveLength(before);
});

test("an old token still unsubscribes, and its event is as good", async () => {
  const old = createToken({ recipient: USER, tag: "newsletter", secrets, now: "2020-01-01T00:00:00Z" });
  expect((await post(`/u/${old}`)).statusCode).toBe(200);
  expect(accepted.at(-1)?.sha256).toBe(accepted[0]?.sha256);
});

test("the host of recipients shows them nothing else", async () => {
  const get = async (url: string) =>
    (await harness.app.inject({ method: "GET", url, headers: { host: "u.example.com" } })).statusCode;
  expect(await get(`/u/${token}`)).toBe(200);
  for (const path of ["/", "/sign-in", "/healthz", "/v1/events"]) expect(await get(path), path).toBe(404);
});

test("createUnsubscribe gives both headers; its mailto unsubscribes too", async () => {
  const url = "https://u.example.com/";
  for (const recipient of [USER, `${"long".repeat(12)}@example.org`]) {
    const made = createUnsubscribe({ recipient, tag: "newsletter", url, domain: "bounces.example.com", secrets });
    expect(made["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
    const [, link = "", mailto = "", subject = ""] =
      /^<https:\/\/u\.example\.com\/u\/([a-z0-9]+)>, <mailto:([^?]+)\?subject=([^>]+)>$/.exec(
        made["List-Unsubscribe"],
      ) ?? [];
    expect((await post(`/u/${link}`)).statusCode).toBe(200);
    const mail = `From: A <a@elsewhere.test>\r\nTo: ${mailto}\r\nSubject: ${decodeURIComponent(subject)}\r\nMessage-ID: <1@x>\r\n\r\n\r\n`;
    const envelope = { reversePath: "a@elsewhere.test", forwardPath: mailto };
    const input = { ...messageInputOf(Buffer.from(mail), 256 * 1024), receivedAt: new Date().toISOString(), envelope };
    const [event] = await readMessage(input, settings);
    expect(event).toMatchObject({ reason: "unsubscribe", authenticity: "proven", recipient: { mailed: recipient } });
    expect(event?.returnPath?.tag).toBe("newsletter");
  }
  expect(() => createUnsubscribe({ recipient: USER, secrets })).toThrow("unsubscribe.url");
});
