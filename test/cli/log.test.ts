import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import type { RunResult } from "../support/run-bounced.ts";
import { runHere } from "../support/run-here.ts";

const dataDir = mkdtempSync(join(tmpdir(), "bounced-cli-"));

const run = (...args: string[]): Promise<RunResult> => runHere(args, { BOUNCED_DATA_DIR: dataDir });

const hard = makeEvent({ diagnostic: { type: "smtp", text: "550 5.1.1 \u001b[2J\u202e gone" } });
const block = makeEvent({ address: "b@example.net", severity: "block", reason: "ip_reputation", provider: "google" });

beforeAll(async () => {
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
  await store.record([jobOf([hard], "raw message"), jobOf([block])]);
  await store.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("search, count, show, raw and download", async () => {
  const table = await run("log", "--recipient", "user@exa");
  expect(table.stdout).toContain("2026-03-01 11:00");
  expect(table.stdout).toContain("mailbox_unknown");
  expect(table.stdout).not.toContain("b@example.net");
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  expect(table.stdout).not.toMatch(/[\u001b\u202e]/);
  expect((await run("log", "--count", "--from", "2026-03-01", "--to", "2026-03-01")).stdout).toBe("2\n");
  expect((await run("log", "--by", "provider", "--severity", "block")).stdout).toMatch(/google\s+1/);
  expect(JSON.parse((await run("log", "show", hard.id)).stdout)).toMatchObject({ event: hard, hasRaw: true });
  expect((await run("log", "raw", hard.id)).stdout).toBe("raw message");
  const csv = await run("log", "--csv", "customers-mail-cloud", "--direction", "asc");
  expect(csv.stdout.split("\n")[0]).toBe("received,status,from,to,message ID,error");
  expect(csv.stdout.trim().split("\n").length).toBe(3);
  const file = join(dataDir, "out.jsonl");
  expect((await run("log", "--jsonl", "--out", file)).code).toBe(0);
  expect(readFileSync(file, "utf8").trim().split("\n").length).toBe(2);
  expect((await run("log", "--jsonl", "--out", file)).stderr).toContain("exists already");
  expect((await run("log", "--json", "--limit", "1")).stdout.trim().split("\n")).toHaveLength(1);
  const backup = join(dataDir, "backup.sqlite");
  expect((await run("log", "backup", backup)).code).toBe(0);
  expect((statSync(backup).mode & 0o777).toString(8)).toBe("600");
  expect((await run("log", "backup", backup)).stderr).toContain("exists already");
}, 240_000);

test("a wrong word is named", async () => {
  const wrong = await run("log", "--reason", "mailbox_gone");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('"mailbox_gone" is not one of');
  expect((await run("log", "raw", block.id)).stderr).toContain("is not kept");
});

test("the list: check, add, remove, history, undo, import and export", async () => {
  expect(await run("suppressions", "check", "USER@example.org", "free@example.org")).toMatchObject({
    code: 1,
    stdout: "USER@example.org: suppressed, hard mailbox_unknown\nfree@example.org: free\n",
  });
  expect((await run("suppressions", "remove", "user@example.org", "--note", "typo")).stdout).toContain("removed");
  expect((await run("suppressions", "check", "user@example.org")).code).toBe(0);
  const history = await run("suppressions", "history", "user@example.org");
  expect(history.stdout).toContain("typo");
  const [, id] = /^(\d+)/m.exec(history.stdout) ?? [];
  expect((await run("suppressions", "undo", id ?? "")).stdout).toContain("undone");
  expect((await run("suppressions", "add", "nonsense")).stderr).toContain("expected an address or a domain");

  const list = join(dataDir, "list.csv");
  writeFileSync(
    list,
    "email,created,reason,status\nc@example.org,1443651125,550 gone,5.1.1\nnobody,1,x,y\nuser@example.org,1,x,y\n",
  );
  const imported = await run("suppressions", "import", list, "--format", "sendgrid");
  expect(imported).toMatchObject({ code: 1, stdout: "1 written, 1 already on the list, 1 line refused\n" });
  expect(imported.stderr).toContain("line 3: value: expected");
  const exported = await run("suppressions", "export", "--format", "ses");
  expect(exported.stdout).toContain("c@example.org,BOUNCE,");
  expect((await run("suppressions")).stderr).toBe("2 of 2\n");
  expect((await run("suppressions", "list", "--json", "--limit", "1")).stdout.trim().split("\n")).toHaveLength(1);
  expect(await run("suppressions", "check", "x")).toMatchObject({
    code: 2,
    stderr: 'bounced: "x" is not an address\n',
  });
  expect((await run("suppressions", "import", "/nope.csv")).stderr).toContain("/nope.csv: no such file or folder");
  expect(JSON.parse((await run("suppressions", "dry-run")).stdout)).toMatchObject({
    events: 2,
    suppressed: 1,
    added: 0,
  });
}, 240_000);

test("reclassify shows first, writes when told to; unmatched gives a rule to copy", async () => {
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
  const odd = makeEvent({
    address: "odd@example.org",
    severity: "hard",
    authenticity: "proven",
    reason: "mailbox_unknown",
    status: null,
    derivedStatus: null,
    replyCode: 554,
    evidence: [{ source: "reply_code", rule: "reply/554", text: null, status: null }],
    diagnostic: { type: "smtp", text: "554 The gnomes 4711 are asleep" },
  });
  await store.record([jobOf([odd])]);
  await store.close();
  const filter = ["reclassify", "--address", "odd@example.org"];
  const shown = await run(...filter);
  expect(shown.stdout).toContain("hard mailbox_unknown ->");
  expect(shown.stdout).toContain("Nothing was written");
  expect(JSON.parse((await run(...filter, "--apply", "--json")).stdout)).toMatchObject({
    events: 1,
    changed: 1,
    applied: 1,
  });
  expect(JSON.parse((await run(...filter, "--json")).stdout)).toMatchObject({ events: 1, same: 1, changed: 0 });
  const unmatched = await run("reclassify", "unmatched");
  expect(unmatched.stdout).toContain("# 1 time: 554 The gnomes <number> are asleep");
  expect(unmatched.stdout).toContain("- id: own/");
}, 240_000);

test("erase says what is left when Redis is away", async () => {
  expect(await run("log", "erase", "nobody", "--yes")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"nobody" is not an address'),
  });
  expect(await run("log", "erase", "user@example.org")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/deletes 1 event of user@example\.org.*Add --yes/),
  });
  const erased = await run("log", "erase", "user@example.org", "--yes");
  expect(JSON.parse(erased.stdout)).toMatchObject({ events: 1, rawMessages: 1, suppressions: 1 });
  expect(erased).toMatchObject({ code: 1 });
  expect(erased.stderr).toContain("the queues are not: no service of bounced found");
  expect((await run("log", "--count")).stdout).toBe("2\n");
}, 240_000);
