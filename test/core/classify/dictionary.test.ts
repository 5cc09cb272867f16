import { describe, expect, test } from "vitest";
import { DEVIATIONS } from "../../../src/dictionary/deviations.ts";
import { ENHANCED_NOTES } from "../../../src/dictionary/enhanced-notes.ts";
import { REPLY_NOTES } from "../../../src/dictionary/reply-notes.ts";
import { allCodes, frequentCodes, lookUp } from "../../../src/dictionary/dictionary.ts";
import { EXPLANATION_LANGUAGES } from "../../../src/explanations/shape.ts";
import { REGISTRY } from "../../../src/dictionary/iana.ts";
import { REPLY_CODES } from "../../../src/dictionary/reply-codes.ts";

const english = { language: "en" } as const;

test("every registered code and every reply code has its own words, and no others have", () => {
  expect(Object.keys(ENHANCED_NOTES).sort()).toEqual(REGISTRY.map(({ code }) => code).sort());
  expect(Object.keys(REPLY_NOTES).sort()).toEqual(REPLY_CODES.map(({ replyCode }) => String(replyCode)).sort());
});

describe.each(EXPLANATION_LANGUAGES)("in %s", (language) => {
  const entries = allCodes({ language });
  test("every entry says what it means and what to do", () => {
    for (const { meaning, nextStep, title } of entries) {
      expect(meaning.length).toBeGreaterThan(4);
      expect(nextStep.length).toBeGreaterThan(4);
      expect(title).not.toBe("");
    }
  });
  test("no code is listed twice, but for one with several meanings at a provider", () => {
    const codes = entries.map(({ code, title }) => `${code} ${title}`);
    expect(new Set(codes).size).toBe(codes.length);
  });
  test("the frequent ones come first", () => {
    const frequent = frequentCodes({ language });
    expect(entries.slice(0, frequent.length)).toEqual(frequent);
    expect(frequent[0]?.code).toBe("5.1.1");
  });
});

test("the whole registry can be looked up in both classes", () => {
  for (const { code } of REGISTRY)
    for (const digit of ["4", "5"]) expect(lookUp(`${digit}.${code}`, english)?.code).toBe(`${digit}.${code}`);
});

test.each([
  ["5.1.1", { reason: "mailbox_unknown", severity: "hard", fault: "recipient", strength: "strong" }],
  ["4.1.1", { reason: "mailbox_unknown", severity: "soft", advice: "retry" }],
  ["5.7.1", { reason: "policy", severity: "block", strength: "weak" }],
  ["2.1.5", { reason: "delivered", severity: "info" }],
  ["x.7.26", { reason: "auth_failed" }],
  ["552", { kind: "reply", reason: "mailbox_full", severity: "soft" }],
  ["550", { kind: "reply", reason: "unknown", severity: "unknown" }],
  ["5.7.620", { kind: "provider", reason: "ip_reputation", reference: "Microsoft" }],
  ["5.7.515", { kind: "provider", reason: "auth_failed", severity: "block" }],
  ["4.7.650", { kind: "provider", reason: "ip_reputation" }],
])("%s", (code, expected) => {
  expect(lookUp(code, english)).toMatchObject(expected);
});

test.each(["5.9.9", "599", "5.7.99999", "hello", "1.1.1", ""])("%s is in no list", (code) => {
  expect(lookUp(code, english)).toBeNull();
});

test("a reply code alone is never hard", () => {
  for (const { replyCode } of REPLY_CODES) expect(lookUp(String(replyCode), english)?.severity).not.toBe("hard");
});

test("providers' other meanings stand with the code they collide with", () => {
  const providersOf = (code: string) => lookUp(code, english)?.deviations.map(({ provider }) => provider);
  expect(providersOf("5.1.10")).toEqual(["Microsoft"]);
  expect(providersOf("5.4.1")).toEqual(["Microsoft"]);
  expect(providersOf("5.7.27")).toEqual(["Google"]);
  expect(providersOf("5.7.9")).toEqual(["Yahoo/AOL"]);
  expect(providersOf("552")).toEqual(["Yahoo/AOL"]);
  expect(providersOf("5.1.3")).toEqual([]);
  for (const { code } of DEVIATIONS) expect(code).toMatch(/^(?:[x245]\.\d+\.\d+(?:-\d+)?|\d{3})$/);
});
