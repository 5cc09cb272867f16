import { expect, test } from "vitest";
import { parse } from "yaml";
import { ruleSchema } from "../../src/core/classify/rule.ts";
import { classify, refusalOf } from "../../src/core/index.ts";
import { checkRules } from "../../src/rules/check-rules.ts";
import { compileWith } from "../../src/rules/load-rules.ts";
import { createTemplates, maskedTokens, ruleFor } from "../../src/store/log/templates.ts";

const masked = (text: string): string => maskedTokens(text).join(" ");
const given = { reason: "unknown", status: null, replyCode: 550, provider: null };

for (const [text, expected] of [
  ["550 5.7.1 <user@example.org>: no", "550 5.7.1 <address>: no"],
  [
    "554 mail from [192.0.2.7] refused, see https://example.com/x?ip=192.0.2.7",
    "554 mail from <ip> refused, see <url>",
  ],
  ["451 mx1.mail.example.net busy for 3600 seconds (id 4Xk2Lq9Zz1)", "451 <host> busy for <number> seconds (id <id>)"],
  ["host 2001:db8:0:0:1:0:0:1 said no", "host <ip> said no"],
  ["550 5.1.1", "550 5.1.1"],
] as const)
  test(text, () => expect(masked(text)).toBe(expected));

test("lines that differ in ids, addresses and one word are one template, and others are not", () => {
  const templates = createTemplates();
  for (let index = 0; index < 50; index++)
    templates.add({
      ...given,
      text: `550 5.9.9 The gnomes have refused user${index}@example.org ${["today", "tonight"][index % 2]} (ref ab12cd${index})`,
      provider: index % 2 ? "google" : "yahoo",
    });
  templates.add({ ...given, text: "550 5.9.9 Something else that we do not know" });
  expect(templates.list()).toMatchObject([
    { count: 50, text: "550 5.9.9 The gnomes have refused <address> <*> (ref <id>)", providers: ["google", "yahoo"] },
    { count: 1 },
  ]);
});

test("the rule to copy is a rule, without anybody's address", () => {
  const templates = createTemplates();
  templates.add({ ...given, text: '550 5.9.9 <jane@corp.example>: The "gnomes" have refused [203.0.113.9] today' });
  const [template] = templates.list();
  const [rule] = parse(ruleFor(template!)) as unknown[];
  expect(ruleSchema.parse(rule)).toMatchObject({
    id: "own/the-gnomes-have-refused",
    when: { any: ['The "gnomes" have refused'], replyCode: ["550"] },
    reason: "unknown",
  });
  expect(ruleFor(template!)).not.toMatch(/jane|203\.0/);
});

test("a reply of several lines is one text, and the rule from it decides that reply", () => {
  const text =
    "550-5.1.1 The gnomes of this house are out. Please try 550-5.1.1 knocking at the small door behind the 550-5.1.1 kitchen. See 550 5.1.1 https://example.com/?p=Gnomes ab12cd34.42 - gsmtp";
  const templates = createTemplates();
  templates.add({ ...given, reason: "policy", text });
  const [template] = templates.list();
  expect(template?.text).toBe(
    "550-5.1.1 The gnomes of this house are out. Please try knocking at the small door behind the kitchen. See <url> <id>.<number> - gsmtp",
  );
  const rules = (parse(ruleFor(template!)) as unknown[]).map((rule) => ruleSchema.parse(rule));
  const all = compileWith(rules);
  expect(checkRules(rules, all)).toEqual([]);
  expect(classify(refusalOf({ text, replyCode: 550 }), { rules: all })).toMatchObject({ reason: "policy" });
});

test("memory is bounded whatever comes", () => {
  const templates = createTemplates();
  for (let index = 0; index < 6000; index++)
    templates.add({
      ...given,
      text: Array.from({ length: 1 + (index % 50) }, (_, at) => `w${(index * 31 + at * 17).toString(36)}q`).join(" "),
    });
  expect(templates.list().length).toBeLessThanOrEqual(5000);
  expect(templates.list().reduce((sum, { count }) => sum + count, 0) + templates.dropped()).toBe(6000);
});
