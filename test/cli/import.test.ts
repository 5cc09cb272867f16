import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { unpackOctets } from "../../src/queues/raw.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { waitingMessages } from "../support/intake.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { runBounced, startBounced, type RunResult } from "../support/run-bounced.ts";
import { runHere } from "../support/run-here.ts";

const FROM = "From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n";
let server: TestRedis;
let queues: Queues;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startTestRedis();
});
beforeEach(async () => {
  await queues?.close();
  folder = mkdtempSync(join(tmpdir(), "bounced-import-"));
  const prefix = folder.slice(-6);
  env = { REDIS_URL: server.url, BOUNCED_PREFIX: prefix, BOUNCED_DATA_DIR: join(folder, "data") };
  queues = openQueues({ redisUrl: server.url, prefix });
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await queues.close();
  await server.stop();
});

const mail = (name: string): string =>
  `Return-Path: <>\nDelivered-To: bounces@b.example\nReceived: by mx; Mon, 23 Nov 2026 10:00:00 +0000\nSubject: ${name}\n\n${name}\n`;

function put(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const waiting = () => waitingMessages(queues);
const subjectOf = ({ raw }: { readonly raw: string }): string =>
  /^Subject: (.*)$/m.exec(unpackOctets(raw).toString("latin1"))?.[1] ?? "";

const subjects = async (): Promise<readonly string[]> => (await waiting()).map(subjectOf).toSorted();

const importing = (...words: string[]): Promise<RunResult> => runHere(["import", ...words], env);

test("files and folders: durable once however often they are imported, with the envelope of the header", async () => {
  put("in/1.eml", mail("one"));
  put("in/sub/2.eml", mail("two"));
  const first = await importing(join(folder, "in"));
  expect(first).toMatchObject({ code: 0, stderr: "Imported 2 messages.\n" });
  expect(await importing(join(folder, "in"))).toMatchObject({ code: 0 });
  expect(await subjects()).toEqual(["one", "two"]);
  expect((await waiting())[0]).toMatchObject({
    receivedAt: "2026-11-23T10:00:00.000Z",
    reversePath: "",
    forwardPaths: ["bounces@b.example"],
    remoteAddress: null,
  });
});

test("a Maildir: messages become seen and are skipped the next time", async () => {
  put("md/new/1.a", mail("one"));
  put("md/cur/2.b:2,R", mail("two"));
  put("md/cur/3.c:2,S", mail("three"));
  put("md/tmp/4.d", mail("half"));
  const md = join(folder, "md");
  expect((await importing(md)).stderr).toMatch(/^Imported 2 messages, 1 skipped/);
  expect(readdirSync(join(md, "new"))).toEqual([]);
  expect(readdirSync(join(md, "cur")).toSorted()).toEqual(["1.a:2,S", "2.b:2,RS", "3.c:2,S"]);
  expect((await importing(md)).stderr).toMatch(/^Imported 0 messages, 3 skipped/);
  expect(await subjects()).toEqual(["one", "two"]);
  expect((await importing(md, "--all")).stderr).toBe("Imported 3 messages.\n");
});

test("an mbox file goes on where it stopped, and begins anew when it was replaced", async () => {
  const box = put("in.mbox", `${FROM}${mail("one")}\n${FROM}${mail("two")}\n`);
  expect((await importing(box)).stderr).toBe("Imported 2 messages.\n");
  appendFileSync(box, `${FROM}${mail("three")}\n`);
  expect((await importing(box)).stderr).toMatch(/^Imported 1 message, 1 skipped/);
  writeFileSync(box, `${FROM}${mail("other")}\n${FROM}${mail("more")}\n${FROM}${mail("most")}\n`);
  expect((await importing(box)).stderr).toBe("Imported 3 messages.\n");
  expect(await subjects()).toEqual(["more", "most", "one", "other", "three", "two"]);
});

test("--move and --delete take files away once they are durable, and overwrite nothing", async () => {
  put("in/a/1.eml", mail("one"));
  put("in/b/1.eml", mail("two"));
  await importing(join(folder, "in"), "--move", join(folder, "out"));
  expect(readdirSync(join(folder, "out")).toSorted()).toEqual(["1.eml", "1.eml.2"]);
  expect(readdirSync(join(folder, "in/a"))).toEqual([]);
  renameSync(join(folder, "out/1.eml.2"), join(folder, "out/2.eml"));
  await importing(join(folder, "out"), "--delete");
  expect(readdirSync(join(folder, "out"))).toEqual([]);
});

test("a pipe gives one message with its envelope", async () => {
  const ran = await runBounced(["import", "-", "--forward-path", "b+x@b.example", "--reverse-path="], {
    env,
    stdin: FROM + mail("piped"),
  });
  expect(ran).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect((await waiting())[0]).toMatchObject({ reversePath: "", forwardPaths: ["b+x@b.example"] });
});

test("while Redis is away a pipe is told to try again, and nothing is lost", async () => {
  const away = { ...env, REDIS_URL: `unix:${join(folder, "none.sock")}` };
  const ran = await runBounced(["import", "-"], { env: away, stdin: mail("piped") });
  expect(ran.code).toBe(75);
  expect(ran.stderr).toContain("Is `bounced serve` running?");
});

test("what cannot be read or is too big is named; the rest is imported", async () => {
  const big = put("in/big.eml", mail("x".repeat(4_000)));
  put("in/ok.eml", mail("ok"));
  env = { ...env, BOUNCED_MAX_SIZE: "1k" };
  const ran = await importing(join(folder, "in"), join(folder, "missing"), "--delete");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(`${big}: longer than BOUNCED_MAX_SIZE`);
  expect(ran.stderr).toContain("missing: no such file or folder");
  expect(readdirSync(join(folder, "in"))).toEqual(["big.eml"]);
  expect(await runBounced(["import", "-"], { env, stdin: mail("x".repeat(4_000)) })).toMatchObject({ code: 65 });
});

test("--watch imports what appears until it is told to stop", async () => {
  put("md/new/1.a", mail("one"));
  put("md/cur/.keep", "");
  const { child, done } = startBounced(["import", join(folder, "md"), "--watch"], { env });
  await vi.waitFor(async () => expect(await subjects()).toEqual(["one"]), 20_000);
  put("md/tmp/2.b", mail("two"));
  renameSync(join(folder, "md/tmp/2.b"), join(folder, "md/new/2.b"));
  await vi.waitFor(async () => expect(await subjects()).toEqual(["one", "two"]), 20_000);
  await vi.waitFor(() => expect(readdirSync(join(folder, "md/new"))).toEqual([]));
  child.kill("SIGTERM");
  expect(await done).toMatchObject({ code: 0 });
}, 60_000);

test("killed at any moment and run again, everything is there once", async () => {
  const count = 3_000;
  const names = Array.from({ length: count }, (_, index) => `m${index}`);
  const box = put("in.mbox", names.map((name) => `${FROM}${mail(name)}\n`).join(""));
  const { child, done } = startBounced(["import", box], { env });
  await vi.waitFor(async () => expect((await waiting()).length).toBeGreaterThan(100), {
    timeout: 20_000,
    interval: 5,
  });
  child.kill("SIGKILL");
  expect((await done).code).toBeNull();
  const before = (await waiting()).length;
  expect(before).toBeLessThan(count);
  const again = await importing(box);
  expect(again.code).toBe(0);
  // What was on its way when it was killed may wait twice, under the same id.
  const once = new Map((await waiting()).map((message) => [message.id, subjectOf(message)]));
  expect([...once.values()].toSorted()).toEqual(names.toSorted());
  expect(Number(/Imported (\d+)/.exec(again.stderr)?.[1])).toBeGreaterThanOrEqual(count - before);
}, 90_000);
