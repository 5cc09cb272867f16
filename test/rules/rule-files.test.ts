import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { classify, emptyRefusal } from "../../src/core/classify/classify.ts";
import { parseBuiltInRules, readBuiltInRules } from "../../src/rules/built-in-rules.ts";
import { checkRules } from "../../src/rules/check-rules.ts";
import { compileWith, loadRules } from "../../src/rules/load-rules.ts";
import { readRuleFiles } from "../../src/rules/read-rule-files.ts";
import { watchRules } from "../../src/rules/watch-rules.ts";

const folder = mkdtempSync(join(tmpdir(), "bounced-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function ruleFile(text: string): string {
  const path = join(folder, `own-${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}

const OWN = `
- id: acme/closed-shop
  when: { any: ["our shop has closed"] }
  reason: mailbox_disabled
  because: This partner closes its mailboxes with these words.
  source: letters of the partner
  examples:
    - text: "550 5.7.1 Our shop has closed, user unknown"
`;

const reasonOf = (rules: ReturnType<typeof loadRules>, text: string) =>
  classify({ ...emptyRefusal, text }, { rules }).reason;

test("packed rules are those of the YAML files (npm run pack-rules)", () => {
  expect(readBuiltInRules()).toEqual(JSON.parse(JSON.stringify(parseBuiltInRules())));
});

test("a user's rule wins against every built-in one", () => {
  const rules = loadRules({ BOUNCED_RULES: ruleFile(OWN) });
  const verdict = classify({ ...emptyRefusal, text: "550 5.1.1 User unknown, our shop has closed" }, { rules });
  expect(verdict.reason).toBe("mailbox_disabled");
  expect(verdict.evidence[0]).toMatchObject({
    source: "user_rule",
    rule: "acme/closed-shop",
    text: "our shop has closed",
  });
});

describe("a bad file is refused with the file and the rule", () => {
  test.each([
    ["an unknown reason", OWN.replace("mailbox_disabled", "closed"), /closed-shop: reason/],
    ["an unknown key", OWN.replace("source:", "sauce:"), /closed-shop/],
    ["no example", OWN.replace(/ {2}examples:[\s\S]*/, ""), /closed-shop: examples/],
    ["YAML that is none", "- id: [", /own-\d+\.yaml/],
    ["a status that is none", OWN.replace("when: {", 'when: { status: "5.1",'), /closed-shop: when\.status/],
    ["a phrase of nothing", OWN.replace("our shop has closed", "(|)"), /closed-shop: .*nothing at all/],
    ["an unknown vocabulary", OWN.replace("our shop has closed", "our {shop}"), /no vocabulary called \{shop\}/],
    [
      "a pattern that the linear engine does not know",
      OWN.replace('any: ["our shop has closed"]', 'pattern: "(a)\\\\1"'),
      /closed-shop/,
    ],
  ])("%s", (_name, text, message) => {
    expect(() => loadRules({ BOUNCED_RULES: ruleFile(text) })).toThrow(message);
  });

  test("a file that is not there", () => {
    expect(() => loadRules({ BOUNCED_RULES: join(folder, "nowhere.yaml") })).toThrow(/no such file/);
  });
});

test("a user's pattern runs in linear time: nested repetitions do not blow up", () => {
  const rules = loadRules({
    BOUNCED_RULES: ruleFile(OWN.replace('any: ["our shop has closed"]', 'pattern: "^(a+)+$"')),
  });
  expect(reasonOf(rules, `${"a".repeat(2000)}!`)).toBe("unknown");
});

test("edited rules are taken up; bad ones leave the old set in force", () => {
  const path = ruleFile(OWN);
  const bad: string[] = [];
  const watched = watchRules({ places: { BOUNCED_RULES: path }, onBad: (message) => bad.push(message) });
  const text = "550 Our shop has closed";
  expect(reasonOf(watched.current(), text)).toBe("mailbox_disabled");
  writeFileSync(path, OWN.replace("mailbox_disabled", "address_moved"));
  expect(watched.reload()).toBe(true);
  expect(reasonOf(watched.current(), text)).toBe("address_moved");
  writeFileSync(path, "- id: broken");
  expect(watched.reload()).toBe(false);
  expect(bad).toHaveLength(1);
  expect(reasonOf(watched.current(), text)).toBe("address_moved");
  watched.close();
});

test("a file that changes is read again by itself", async () => {
  const path = ruleFile(OWN);
  const loaded = new Promise<void>((resolve) => {
    const watched = watchRules({
      places: { BOUNCED_RULES: path },
      quietMs: 5,
      onLoad: () => {
        watched.close();
        resolve();
      },
    });
  });
  writeFileSync(path, OWN.replace("mailbox_disabled", "address_moved"));
  await loaded;
});

describe("check", () => {
  const check = (text: string) => {
    const own = readRuleFiles(ruleFile(text)).flatMap(({ rules }) => rules);
    return checkRules(own, compileWith(own)).map(({ level, problem }) => `${level}: ${problem}`);
  };

  test("a good rule: nothing to say", () => expect(check(OWN)).toEqual([]));

  test("an example that does not match", () => {
    expect(check(OWN.replace("Our shop has closed, user", "Our shop is shut, user"))).toEqual([
      expect.stringMatching(/^error: it does not match its own example/),
    ]);
  });

  test("an example that another rule wins", () => {
    const longer = OWN.replace("closed-shop", "closed-for-good").replace("has closed", "has closed user unknown");
    expect(check(OWN + longer)).toContainEqual(
      expect.stringMatching(/^error: its example is won by acme\/closed-for-good: /),
    );
  });

  test("a rank, which decides nothing any more", () => {
    expect(check(OWN.replace("  reason:", "  rank: 5\n  reason:"))).toEqual([
      expect.stringMatching(/^warning: its rank decides nothing/),
    ]);
  });

  test("a rule that can never match", () => {
    expect(
      check(OWN.replace('"our shop has closed"]', '"our shop has closed"], not: ["our shop has closed"]')),
    ).toContainEqual(expect.stringMatching(/^error: it can never match/));
  });

  test("a rule that another one always beats", () => {
    const twin = OWN.replace("closed-shop", "closed-shop-again");
    expect(check(OWN + twin)).toContainEqual(expect.stringMatching(/^error: it never wins: acme\/closed-shop before/));
  });

  test("two rules that match equally well", () => {
    const twin = OWN.replace("closed-shop", "closed-shop-again").replace("mailbox_disabled", "address_moved");
    expect(check(OWN + twin)).toContainEqual(
      expect.stringMatching(/^warning: acme\/closed-shop.* matches .* just as well/),
    );
  });

  test("a pattern that runs on everything", () => {
    expect(check(OWN.replace('any: ["our shop has closed"]', 'pattern: "our shop has closed"'))).toContainEqual(
      expect.stringMatching(/^warning: its pattern runs on every refusal/),
    );
  });
});
