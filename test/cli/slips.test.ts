/** What people mistype: each slip is named, in our words, and ends with the status of its kind. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { runHere } from "../support/run-here.ts";

const dataDir = mkdtempSync(join(tmpdir(), "bounced-slips-"));
const csv = join(dataDir, "other.csv");
beforeAll(async () => {
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
  await store.record([jobOf([makeEvent({ address: "forged@example.org", at: Date.now(), authenticity: "unproven" })])]);
  await store.close();
  writeFileSync(csv, "one,two\n1,2\n");
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const bounced = (...words: string[]) => runHere(words, { BOUNCED_DATA_DIR: dataDir });

test("a hard bounce that nothing proves is marked as such in the table", async () => {
  expect((await bounced("log")).stdout).toMatch(/ hard, unproven +mailbox_unknown /);
});

/** Not there, or failed. */
test.each([
  ["explain 5.9.9", "5.9.9 is in no list"],
  ["token revoke nosuch", "there is no token nosuch"],
  ["log show nosuch", "no event nosuch"],
  ["log raw nosuch", "not kept"],
  ["suppressions undo 99999", "there is no change 99999"],
  ["suppressions remove nobody@example.org", "nothing changed"],
  ["suppressions export /nowhere/list.csv", "/nowhere/list.csv: there is no folder /nowhere"],
  ["log --csv --out /nowhere/log.csv", "/nowhere/log.csv: there is no folder /nowhere"],
  ["log backup /nowhere/log.sqlite", "/nowhere/log.sqlite: there is no folder /nowhere"],
  [`suppressions export ${csv}`, "exists already"],
  [`suppressions import ${csv}`, "heading: expected"],
  ["suppressions import /nowhere.csv", "/nowhere.csv: no such file or folder"],
  ["classify /nowhere.eml", "/nowhere.eml: no such file or folder"],
  ["classify package.json", "package.json: not a message: it does not begin with a header field"],
  ["rules check /nowhere.yaml", "/nowhere.yaml: no such file or folder"],
])("1: bounced %s", async (line, message) => {
  const { code, stderr } = await bounced(...line.split(" "));
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^bounced: /m);
  expect(code).toBe(1);
});

/** Words or settings that cannot be used. */
test.each([
  ["explain", "name a code"],
  ["classify", "give at least one path"],
  ["suppressions undo abc", "expected a number, as suppressions history prints it"],
  ["suppressions add a@example.org --expires 2020-01-01", "it is in the past"],
  ["suppressions add nonsense", "expected an address or a domain"],
  ["suppressions dry-run --from 2026-03-02 --to 2026-02-28", "the period ends"],
  ["log --from 2026-03-02 --to 2026-02-28", "the period ends (to 2026-03-01T00:00:00.000Z) before it begins"],
  ["reclassify --from 2026-03-02 --to 2026-02-28", "the period ends"],
  ["log --out x", "--out writes CSV or JSON"],
  ["log erase nobody", '"nobody" is not an address'],
  ["return-path create nobody", "not an address: nobody"],
  ["return-path inspect nobody", "not an address: nobody"],
  ["doctor --dns nowhere:x", "not the address of a name server"],
  ["quarantine free nosuch", "unknown command 'free'"],
  ["log --limit 0", "expected a whole number above 0"],
])("2: bounced %s", async (line, message) => {
  const { code, stderr } = await bounced(...line.split(" "));
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test("a text that says nothing is not explained, in any language", async () => {
  for (const [language, says] of [
    ["en", "Nothing in this text is known"],
    ["de", "Nichts in diesem Text ist bekannt"],
    ["fr", "Rien dans ce texte n'est connu"],
    ["es", "No se reconoce nada en este texto"],
    ["ja", "既知のコード"],
  ] as const) {
    const { code, stdout } = await bounced("explain", "hello", "--language", language);
    expect(stdout).toContain(says);
    expect(stdout).not.toMatch(/reverse DNS|Reverse-DNS|5\.7\.25/);
    expect(code).toBe(1);
  }
  const json = await bounced("explain", "--json", "hello");
  expect(JSON.parse(json.stdout)).toMatchObject({ known: false });
  expect(JSON.parse((await bounced("explain", "--json", "550 5.1.1 User unknown")).stdout)).toMatchObject({
    known: true,
  });
});
