/** What commands on the machine do is in the audit log, with the name of who ran them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { userInfo, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { runHere } from "../support/run-here.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const event = makeEvent({ at: Date.now() });
const dataDir = mkdtempSync(join(tmpdir(), "bounced-cli-audit-"));
const env = { BOUNCED_DATA_DIR: dataDir, BOUNCED_SECRET: SECRET };
const list = join(dataDir, "list.csv");
let person = "";

beforeAll(async () => {
  writeFileSync(list, "value\nimported@example.org\n");
  const store = await openStore(loadConfig(env));
  await store.record([jobOf([event], "Subject: x\r\n\r\ntext\r\n")]);
  const facts = { issuer: "https://id.example.com", sub: "ann", name: "Ann", email: "ann@example.com" };
  const admission = await store.people.signIn({
    ...facts,
    emailVerified: true,
    role: "admin",
    mayExport: false,
    address: "192.0.2.1",
  });
  person = admission.person?.id ?? "";
  await store.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function entriesOf(words: readonly string[]) {
  const result = await runHere(words, env);
  const store = await openStore(loadConfig(env));
  const entries = (await store.audit.search({ limit: 1000 })).filter(({ id }) => id > last);
  last = entries[0]?.id ?? last;
  await store.close();
  return { result, entries };
}
let last = 0;

test.each<[string, readonly string[] | (() => readonly string[]), string, string | (() => string)]>([
  ["log raw", ["log", "raw", event.id], "raw-read", event.id],
  ["log --csv", ["log", "--csv"], "export", ""],
  ["log --json", ["log", "--json"], "export", ""],
  ["suppressions export", ["suppressions", "export"], "export", ""],
  ["suppressions add", ["suppressions", "add", "a@example.org"], "list-change", "a@example.org"],
  ["suppressions remove", ["suppressions", "remove", "a@example.org"], "list-change", "a@example.org"],
  ["suppressions import", ["suppressions", "import", list], "list-change", ""],
  ["people revoke", () => ["people", "revoke", person], "person-change", () => person],
  ["people restore", () => ["people", "restore", person], "person-change", () => person],
  ["token create", ["token", "create", "--name", "shop"], "token-change", expect.stringMatching(/ shop$/) as never],
  ["token link", ["token", "link"], "token-change", "sign-in link"],
])("bounced %s", async (name, words, action, target) => {
  const { result, entries } = await entriesOf(typeof words === "function" ? words() : words);
  expect(result, name).toMatchObject({ code: 0 });
  expect(entries).toMatchObject([
    {
      action,
      actor: `cli:${userInfo().username}`,
      target: typeof target === "function" ? target() : target,
      detail: expect.stringContaining(`bounced ${name}`),
      address: "",
      outcome: "done",
    },
  ]);
});

test("a search and a list are no acts; what fails says so", async () => {
  for (const words of [["log"], ["suppressions", "list"], ["people", "list"], ["token", "list"]])
    expect((await entriesOf(words)).entries, words.join(" ")).toEqual([]);
  const { result, entries } = await entriesOf(["people", "revoke", "pnobody"]);
  expect([result.code, entries.map(({ outcome }) => outcome)]).toEqual([1, ["failed"]]);
  expect(result.stderr).toContain("there is no person pnobody");
});
