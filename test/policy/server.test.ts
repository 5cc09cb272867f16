/** What mail servers hear about a recipient, octet by octet, in each protocol. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { returnPathSettingsOf } from "../../src/return-path/settings.ts";
import { bansWith } from "../../src/erasure/ban.ts";
import { createAnswers, type AnswerQuestion } from "../../src/policy/answer.ts";
import { keepCurrent, type CurrentList } from "../../src/policy/keep-current.ts";
import { startPolicyServer, type PolicyServer } from "../../src/policy/server.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";

const SECRET = ["s".repeat(32)];
const AUTHOR = { actor: "test" };
const DATE = /since \d{4}-\d\d-\d\d/;

let folder: string;
let store: Store;
let current: CurrentList;
let server: PolicyServer;
/** Replaced by tests of other settings. */
let answer: AnswerQuestion;

const answersWith = (policy: Record<string, unknown> = {}, stream: "none" | "tag" = "none"): AnswerQuestion =>
  createAnswers({
    current,
    settings: configFileSchema.parse({ policy }).policy,
    stream,
    returnPath: returnPathSettingsOf({ BOUNCED_SECRET: SECRET, file: configFileSchema.parse({}) }),
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-policy-"));
  store = await openStore({
    dataDir: folder,
    BOUNCED_RETENTION_DAYS: 40,
    BOUNCED_SECRET: SECRET,
    file: configFileSchema.parse({}),
  });
  await store.record([jobOf([makeEvent({ address: "gone@example.org" })])]);
  await store.suppressions.add(
    [
      { value: "angry@example.org", cause: "complaint", reason: "complaint" },
      { value: "dead.example", reason: "closed\r\nQUIT ☠" },
      { value: "only-news@example.org", stream: "news" },
      { value: "later@example.org", expiresAt: new Date(Date.now() - 1000).toISOString() },
      { value: "bücher@exämple.org" },
    ],
    AUTHOR,
  );
  await store.erase("erased@example.org", AUTHOR);
  current = keepCurrent({
    suppressions: store.suppressions,
    bans: bansWith(SECRET),
    everyMs: 20,
    onError: (error) => {
      throw error;
    },
  });
  await current.loaded;
  answer = answersWith();
  server = await startPolicyServer({ host: "127.0.0.1", port: 0, answer: (question) => answer(question) });
});
afterAll(async () => {
  await server.stop();
  await current.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function dial(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

/** Everything that comes until the end of `until`, or of the connection. */
async function ask(request: string | Buffer, until: RegExp | null = null): Promise<string> {
  const socket = await dial();
  socket.write(request);
  let text = "";
  for await (const chunk of socket) {
    text += String(chunk);
    if (until?.test(text)) break;
  }
  socket.destroy();
  return text;
}

const delegationRequest = (attributes: Readonly<Record<string, string>>): string =>
  `request=smtpd_access_policy\n${Object.entries({ protocol_state: "RCPT", sender: "", ...attributes })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("")}\n`;
const delegated = (attributes: Readonly<Record<string, string>>): Promise<string> =>
  ask(delegationRequest(attributes), /\n\n$/);

describe("policy delegation", () => {
  test("a hard bounce is refused as no mailbox, with since when, why and the event", async () => {
    const reply = await delegated({ recipient: "Gone@EXAMPLE.org" });
    expect(reply).toMatch(
      /^action=550 5\.1\.1 suppressed since 20\d\d-\d\d-\d\d: mailbox unknown \(bounced:[0-9a-f]{32}\)\n\n$/,
    );
  });

  test.each([
    ["angry@example.org", /^action=550 5\.7\.1 suppressed since .*: complaint\n\n$/],
    ["anybody@dead.example", /^action=550 5\.7\.1 suppressed since .*: closed\?QUIT \?\n\n$/],
    ["erased@example.org", /^action=550 5\.7\.1 suppressed since .*: address erased\n\n$/],
    ["bücher@xn--exmple-cua.org", /^action=550/],
    ["anybody@sub.dead.example", /^action=DUNNO\n\n$/],
    ["later@example.org", /^action=DUNNO\n\n$/],
    ["only-news@example.org", /^action=DUNNO\n\n$/],
    ["fine@example.org", /^action=DUNNO\n\n$/],
  ])("%s", async (recipient, expected) => {
    expect(await delegated({ recipient })).toMatch(expected);
  });

  test("in other states, and without a recipient, nothing is refused", async () => {
    expect(await delegated({ recipient: "gone@example.org", protocol_state: "DATA" })).toBe("action=DUNNO\n\n");
    expect(await delegated({ recipient: "" })).toBe("action=DUNNO\n\n");
  });

  test("requests that come in pieces, or many at once, are answered in order", async () => {
    const request = delegationRequest({ recipient: "gone@example.org" });
    const socket = await dial();
    for (const octet of request) socket.write(octet);
    socket.write(delegationRequest({ recipient: "fine@example.org" }) + request);
    let text = "";
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.split("\n\n").length > 3) break;
    }
    expect(text.split("\n\n").map((one) => one.slice(0, 10))).toEqual(["action=550", "action=DUN", "action=550", ""]);
  });
});

describe("tables", () => {
  const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text},`;
  test("socketmap, as an access table and as a transport", async () => {
    expect(await ask(netstring("access gone@example.org"), /,$/)).toMatch(/^\d+:OK 550 5\.1\.1 suppressed .*,$/);
    expect(await ask(netstring("transport gone@example.org"), /,$/)).toMatch(/^\d+:OK error:5\.1\.1 suppressed .*,$/);
    expect(await ask(netstring("access dead.example"), /,$/)).toMatch(DATE);
    for (const key of ["fine@example.org", "example.org", ".example.org", "gone@", "*"])
      expect(await ask(netstring(`access ${key}`), /,$/)).toBe("9:NOTFOUND ,");
    expect(await ask(netstring("other gone@example.org"), /,$/)).toContain("PERM no such map");
  });

  test("tcp_table, with its encoding", async () => {
    expect(await ask("get gone%40example.org\n", /\n/)).toMatch(/^200 550%205\.1\.1%20suppressed%20since/);
    expect(await ask("get fine@example.org\n", /\n/)).toBe("500 not%20found\n");
    expect(await ask("put gone@example.org x\n", /\n/)).toMatch(/^500 this%20table/);
  });

  test("a line, for what reads to the end", async () => {
    expect(await ask("check gone@example.org news@example.com\n")).toMatch(/^550 5\.1\.1 .*\n$/);
    expect(await ask("check fine@example.org\n")).toBe("OK\n");
    expect(await ask("check\u0020\n")).toBe("OK\n");
  });
});

describe("HTTP", () => {
  const get = async (query: string): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> => {
    const response = await fetch(`http://127.0.0.1:${server.port}${query}`);
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  test("the same answer, with the entry", async () => {
    expect(await get("/suppressed?recipient=angry@example.org")).toMatchObject({
      status: 200,
      json: { suppressed: true, reply: expect.stringMatching(/^550 5\.7\.1/), cause: "complaint", eventId: null },
    });
    expect(await get("/suppressed?recipient=fine@example.org")).toEqual({
      status: 200,
      json: { suppressed: false, reply: null },
    });
  });

  test("what is wrong is named", async () => {
    expect((await get("/suppressed")).json).toEqual({ error: "recipient: expected an address" });
    expect((await get("/")).status).toBe(404);
  });

  test("many requests on one connection", async () => {
    const request = "GET /suppressed?recipient=gone@example.org HTTP/1.1\r\nHost: policy\r\n\r\n";
    const text = await ask(request.repeat(3), /(?:"suppressed":true[^]*){3}/);
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  });
});

describe("settings", () => {
  const RETURN_PATH = { recipient: "angry@example.org", domain: "bounces.example.com" };
  const sender = (tag: string): string =>
    createReturnPath(
      { ...RETURN_PATH, tag },
      returnPathSettingsOf({ BOUNCED_SECRET: SECRET, file: configFileSchema.parse({}) }),
      new Date(),
    );

  test("mail that people need is stopped by bounces alone", async () => {
    answer = answersWith({ transactional: { tags: ["receipt"], senders: ["Shop.example", "bill@example.com"] } });
    for (const from of [sender("receipt"), "any@shop.example", "bill@example.com"])
      expect(await delegated({ recipient: "angry@example.org", sender: from })).toBe("action=DUNNO\n\n");
    for (const from of [sender("news"), "bill@other.example", ""])
      expect(await delegated({ recipient: "angry@example.org", sender: from })).toMatch(/^action=550/);
    expect(await delegated({ recipient: "gone@example.org", sender: "bill@example.com" })).toMatch(/^action=550/);
    answer = answersWith();
  });

  test("an entry of a stream holds for mail of that stream", async () => {
    answer = answersWith({}, "tag");
    expect(await delegated({ recipient: "only-news@example.org", sender: sender("news") })).toMatch(/^action=550/);
    expect(await delegated({ recipient: "only-news@example.org", sender: sender("bill") })).toBe("action=DUNNO\n\n");
    expect(await delegated({ recipient: "gone@example.org", sender: sender("bill") })).toMatch(/^action=550/);
    answer = answersWith();
  });

  test("a reply of one's own; what is no reply is refused with what is right", async () => {
    answer = answersWith({ reply: "554 5.7.1 stopped {date}, {cause}, {reason}, {id}" });
    expect(await delegated({ recipient: "angry@example.org" })).toMatch(
      /^action=554 5\.7\.1 stopped 20\d\d-\d\d-\d\d, complaint, complaint, -\n\n$/,
    );
    answer = answersWith();
    for (const reply of ["no", "550 4.7.1 x", "550 5.7.1 a\nb", "550 5.7.1 {address}"])
      expect(() => configFileSchema.parse({ policy: { reply } })).toThrow(/expected/);
  });
});

describe("a list that changes", () => {
  test("what is added is refused, what is removed passes, without a new start", async () => {
    await store.suppressions.add([{ value: "new@example.org" }], AUTHOR);
    await expect.poll(() => delegated({ recipient: "new@example.org" })).toMatch(/^action=550/);
    await store.suppressions.remove([{ value: "new@example.org" }], AUTHOR);
    await expect.poll(() => delegated({ recipient: "new@example.org" })).toBe("action=DUNNO\n\n");
  });

  test("an erasure takes the address out of memory", async () => {
    await store.suppressions.add([{ value: "forget@example.org" }], AUTHOR);
    await expect.poll(() => delegated({ recipient: "forget@example.org" })).toMatch(/^action=550/);
    await store.erase("forget@example.org");
    await expect.poll(() => delegated({ recipient: "forget@example.org" })).toBe("action=DUNNO\n\n");
  });

  test("while the list cannot be read mail passes, or waits where the settings say so", async () => {
    let isAway = false;
    const failures: unknown[] = [];
    const fragile = keepCurrent({
      suppressions: {
        cursor: () => store.suppressions.cursor(),
        iterate: (filter) => store.suppressions.iterate(filter),
        changes: (query) => (isAway ? Promise.reject(new Error("away")) : store.suppressions.changes(query)),
      },
      bans: bansWith(SECRET),
      everyMs: 10,
      onError: (error) => failures.push(error),
    });
    await fragile.loaded;
    await expect.poll(() => fragile.age()).toBeLessThan(10_000);
    const settings = (whenUnavailable: "send" | "defer") => ({
      ...configFileSchema.parse({ policy: { whenUnavailable } }).policy,
      staleSeconds: 0.3,
    });
    const with_ = (whenUnavailable: "send" | "defer") =>
      createAnswers({
        current: fragile,
        settings: settings(whenUnavailable),
        stream: "none",
        returnPath: returnPathSettingsOf({ BOUNCED_SECRET: SECRET, file: configFileSchema.parse({}) }),
      });
    const question = { recipient: "gone@example.org", sender: "", instance: null };
    isAway = true;
    await expect.poll(() => Promise.resolve(with_("defer")(question))).toMatchObject({ kind: "defer" });
    expect(await with_("send")(question)).toEqual({ kind: "pass" });
    expect(failures.length).toBeGreaterThan(0);
    isAway = false;
    await expect.poll(() => Promise.resolve(with_("send")(question))).toMatchObject({ kind: "refuse" });
    await fragile.stop();
  });
});

describe("hostile clients", () => {
  test.each([
    ["a netstring that is too long", "99999:"],
    ["a netstring without a length", "1x:"],
    ["a netstring without its comma", "3:abcd"],
    ["attributes without an end", `recipient=${"x".repeat(70_000)}`],
    ["a line without an end", `check ${"x".repeat(70_000)}`],
  ])("%s: the connection is closed, and others are answered", async (_, octets) => {
    expect(await ask(octets)).toBe("");
    expect(await delegated({ recipient: "fine@example.org" })).toBe("action=DUNNO\n\n");
  });

  test("connections that say nothing keep nobody from an answer", async () => {
    const before = server.connections();
    const idle = await Promise.all(Array.from({ length: 200 }, () => dial()));
    expect(await delegated({ recipient: "gone@example.org" })).toMatch(/^action=550/);
    for (const socket of idle) socket.destroy();
    await expect.poll(() => server.connections()).toBeLessThanOrEqual(before + 1);
  });

  test("who does not read its answers is not read from", async () => {
    const socket = await dial();
    const request = delegationRequest({ recipient: "fine@example.org" });
    let isFull = false;
    for (let n = 0; n < 40_000 && !isFull; n++) isFull = !socket.write(request);
    expect(await delegated({ recipient: "gone@example.org" })).toMatch(/^action=550/);
    socket.destroy();
  });
});
