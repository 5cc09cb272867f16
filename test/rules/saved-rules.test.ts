/** Rules saved by the service: one file that others read meanwhile, with every earlier version kept. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { classify, emptyRefusal } from "../../src/core/classify/classify.ts";
import type { Rule } from "../../src/core/classify/rule.ts";
import type { RuleSet } from "../../src/core/classify/rule-set.ts";
import { loadRules } from "../../src/rules/load-rules.ts";
import { parseRuleFile } from "../../src/rules/read-rule-files.ts";
import {
  editSavedRules,
  formatRules,
  MAX_SAVED_RULES,
  readRuleHistory,
  readSavedRules,
  savedRulesFile,
} from "../../src/rules/saved-rules.ts";
import { watchRules } from "../../src/rules/watch-rules.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "bounced-saved-rules-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const ruleOf = (id: string, phrase: string, reason: Rule["reason"] = "mailbox_disabled"): Rule => ({
  id,
  when: { any: [phrase] },
  reason,
  because: "Only for a test of what is kept.",
  source: "test",
  examples: [{ text: `550 ${phrase}: "quoted", 100 %, ünïcode — 日本` }],
});
const SHOP = ruleOf("own/shop", "our shop has closed");
const BY = { actor: "token:ann", now: Date.UTC(2026, 4, 1) };
const reasonOf = (rules: RuleSet, text: string) => classify({ ...emptyRefusal, text }, { rules }).reason;

test("what was saved is read again as it was, and decides", () => {
  editSavedRules(dataDir, { put: [SHOP], remove: [] }, BY);
  expect(readSavedRules(dataDir).rules).toEqual([SHOP]);
  expect(reasonOf(loadRules({ dataDir }), "550 5.1.1 User unknown, our shop has closed")).toBe("mailbox_disabled");
  expect(parseRuleFile("text", formatRules([SHOP]))).toEqual([SHOP]);
  expect(readdirSync(join(dataDir, "rules")).sort()).toEqual(["history.jsonl", "saved.yaml"]);
});

test("every version is kept, with who and when; what changes nothing leaves no trace", () => {
  const later = { actor: "token:bob", now: BY.now + 1000 };
  const moved = { ...SHOP, reason: "address_moved" as const };
  editSavedRules(dataDir, { put: [SHOP], remove: [] }, BY);
  const { version } = readSavedRules(dataDir);
  expect(editSavedRules(dataDir, { put: [SHOP], remove: ["own/nobody"] }, later)).toEqual([]);
  expect(readSavedRules(dataDir).version).toBe(version);
  editSavedRules(dataDir, { put: [moved], remove: [] }, later);
  editSavedRules(dataDir, { put: [], remove: [SHOP.id] }, later);
  expect(readSavedRules(dataDir).rules).toEqual([]);
  expect(readRuleHistory(dataDir)).toMatchObject([
    { action: "removed", actor: "token:bob", before: moved, after: null },
    { action: "changed", actor: "token:bob", at: "2026-05-01T00:00:01.000Z", before: SHOP, after: moved },
    { action: "added", actor: "token:ann", rule: "own/shop", before: null, after: SHOP },
  ]);
});

test("a rule of the files, or a built-in one, of the same id goes before and starts nothing from failing", () => {
  const file = join(dataDir, "own.yaml");
  writeFileSync(file, formatRules([{ ...SHOP, reason: "address_moved" }]));
  const builtIn = loadRules().rules[0]?.rule.id ?? "";
  editSavedRules(dataDir, { put: [SHOP, ruleOf(builtIn, "never to be seen")], remove: [] }, BY);
  const rules = loadRules({ BOUNCED_RULES: file, dataDir });
  expect(reasonOf(rules, "550 our shop has closed")).toBe("address_moved");
  expect(rules.size).toBe(loadRules().size + 1);
});

test("a damaged file is named; a line cut short costs that line of the history", () => {
  editSavedRules(dataDir, { put: [SHOP], remove: [] }, BY);
  appendFileSync(join(dataDir, "rules", "history.jsonl"), '{"id":"x","at":"2026');
  expect(readRuleHistory(dataDir)).toHaveLength(1);
  writeFileSync(savedRulesFile(dataDir), "- id: own/shop\n");
  expect(() => loadRules({ dataDir })).toThrow(/saved\.yaml: own\/shop: when/);
});

test("more than can be read again is not written", () => {
  const many = Array.from({ length: MAX_SAVED_RULES + 1 }, (_, index) => ruleOf(`own/r${index}`, `words ${index}`));
  expect(() => editSavedRules(dataDir, { put: many, remove: [] }, BY)).toThrow(/cannot be saved/);
  const long = many.slice(0, 600).map((rule) => ({ ...rule, source: "x".repeat(4000) }));
  expect(() => editSavedRules(dataDir, { put: long, remove: [] }, BY)).toThrow(/bytes/);
  expect(readSavedRules(dataDir)).toEqual({ rules: [], version: "" });
  expect(readRuleHistory(dataDir)).toEqual([]);
});

test("a process that watches takes them up, also where there were none, and keeps the good ones", async () => {
  const bad: string[] = [];
  const watched = watchRules({ places: { dataDir }, onBad: (message) => bad.push(message) });
  try {
    editSavedRules(dataDir, { put: [SHOP], remove: [] }, BY);
    const reason = () => reasonOf(watched.current(), "550 our shop has closed");
    await expect.poll(reason, { timeout: 20_000 }).toBe("mailbox_disabled");
    writeFileSync(savedRulesFile(dataDir), `${readFileSync(savedRulesFile(dataDir), "utf8")}- id: broken\n`);
    await expect.poll(() => bad.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(reason()).toBe("mailbox_disabled");
  } finally {
    watched.close();
  }
});
