import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { classify, emptyRefusal } from "../../../src/core/classify/classify.ts";
import { UNDECIDED, type Decision } from "../../../src/core/classify/decide.ts";
import { fallBack } from "../../../src/core/classify/fallback.ts";
import { featuresOf, guess, readModel, type FallbackModel } from "../../../src/core/classify/fallback-model.ts";
import { loadModel, loadRules } from "../../../src/rules/load-rules.ts";

const model = loadModel();
const rules = loadRules();
const observed = (text: string) => ({ words: text.toLowerCase().split(" "), statuses: [], replyCode: null });

/** Says mailbox_full to every text, as sure as asked. */
function parrot(bias: number): FallbackModel {
  const reasons = ["mailbox_full", "mailbox_unknown"] as const;
  const weights = new Int8Array(2 * 16);
  return { reasons, buckets: 16, weights, bias: [bias, 0], scale: 1, temperature: 1, trainedAt: "2026-01-01" };
}
const sure = parrot(6);
const unsure = parrot(0);
const decided = (source: "fact" | "user_rule", confidence: number): Decision => ({
  ...UNDECIDED,
  reason: "policy",
  confidence,
  deciding: {
    source,
    name: "some/rule",
    reason: "policy",
    band: "single words",
    confidence,
    words: 1,
    conditions: 0,
    order: 0,
    span: null,
    status: null,
    fact: null,
  },
});

describe("the shipped model", () => {
  test("stays under a megabyte and names its day", () => {
    const file = fileURLToPath(new URL("../../../src/core/classify/model/fallback.bin", import.meta.url));
    expect(statSync(file).size).toBeLessThan(1_000_000);
    expect(model.trainedAt).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test.each([
    ["storage of this mailbox is exhausted, its quota leaves no space", "mailbox_full"],
    ["we never heard of a person with such a name, nobody here is called that", "mailbox_unknown"],
    ["your host is on the naughty list of spammers and gets blocked", "ip_reputation"],
  ])("makes sense of %s", (text, reason) => {
    expect(guess(model, observed(text))?.reason).toBe(reason);
  });

  test("gives the same answer every time, and a probability", () => {
    const once = guess(model, observed("nobody of that name lives here"));
    expect(guess(model, observed("nobody of that name lives here"))).toEqual(once);
    expect(once?.probability).toBeGreaterThan(0);
    expect(once?.probability).toBeLessThanOrEqual(1);
  });

  test("says nothing of a text without words", () => {
    expect(guess(model, { words: [], statuses: [], replyCode: 550 })).toBeNull();
  });

  test("reads a bounded part of a text, however long", () => {
    const long = { words: Array.from({ length: 5000 }, (_, at) => `word${at}x`), statuses: [], replyCode: null };
    expect(featuresOf(long, model.buckets).length).toBeLessThan(4 * 325);
  });

  test("a damaged file is refused", () => {
    const header = new TextEncoder().encode(`${JSON.stringify({ reasons: ["mailbox_full"], buckets: 4 })}\n`);
    expect(() => readModel(new Uint8Array([...header, 1, 2, 3]))).toThrow("damaged");
    expect(readModel(new Uint8Array([...header, 1, 2, 3, 255])).weights).toEqual(Int8Array.from([1, 2, 3, -1]));
  });
});

describe("asking it", () => {
  const words = observed("something nobody ever said");
  test("a guess stands in for rules that are unsure", () => {
    const answer = fallBack(decided("fact", 0.45), words, sure);
    expect(answer).toMatchObject({ reason: "mailbox_full", deciding: { source: "model", name: "model/2026-01-01" } });
    expect(answer.evidence[0]?.source).toBe("model");
  });
  test("an unsure guess does not", () => {
    expect(fallBack(decided("fact", 0.45), words, unsure).reason).toBe("policy");
  });
  test("a sure rule, a user's rule or no model: the decision stands", () => {
    for (const [decision, by] of [
      [decided("fact", 0.92), sure],
      [decided("user_rule", 0.3), sure],
      [decided("fact", 0.45), null],
    ] as const)
      expect(fallBack(decision, words, by)).toBe(decision);
  });
  test("where nothing spoke, a weaker guess is enough", () => {
    expect(fallBack(UNDECIDED, words, unsure).deciding?.source).toBe("model");
  });
});

test("a guess never makes an address hard, however sure", () => {
  const certain = parrot(-20);
  for (const action of ["failed", null] as const) {
    const verdict = classify(
      { ...emptyRefusal, text: "550 xyzzy plugh quux", replyCode: 550, action },
      { rules: { ...rules, model: certain } },
    );
    expect(verdict).toMatchObject({ reason: "mailbox_unknown", severity: "soft", evidence: [{ source: "model" }] });
    expect(verdict.advice).not.toBe("suppress");
  }
});
