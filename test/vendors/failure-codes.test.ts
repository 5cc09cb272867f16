import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "../../src/config/config.ts";
import { REASONS } from "../../src/event/event.ts";
import { codesFor } from "../../src/vendors/codes.ts";
import { failureCodesOf } from "../../src/vendors/failure-codes.ts";

/** bounced.yaml as a user writes it, through the same door as the service's. */
function configured(yaml: string) {
  const path = join(mkdtempSync(join(tmpdir(), "bounced-codes-")), "bounced.yaml");
  writeFileSync(path, yaml);
  return failureCodesOf(loadConfig({ BOUNCED_CONFIG: path }).file.failureCodes);
}

describe("built-in list", () => {
  const codes = failureCodesOf();
  test("has the 25 codes in six families, ascending", () => {
    expect(codes.all).toHaveLength(25);
    expect(new Set(codes.all.map((entry) => entry.family)).size).toBe(6);
    expect(codes.all.map((entry) => entry.code)).toEqual(codes.all.map((entry) => entry.code).sort((a, b) => a - b));
  });
  test.each(REASONS)("%s has a code that is in the list", (reason) => {
    expect(codes.byCode.get(codes.codeOf(reason, null))?.reasons).toContain(reason);
  });
});

describe("bounced.yaml", () => {
  test("renames, adds and maps codes by reason and by rule", () => {
    const codes = configured(`
failureCodes:
  families: { 7: Our partners, 2: Dauerhaft }
  codes:
    2001: Adresse gibt es nicht
    2101: Student has left
    7001: Refused by the partner's gateway
  reasons: { mailbox_disabled: 2101 }
  rules: { acme/gateway: 7001 }
`);
    expect(codes.byCode.get(2001)).toMatchObject({ text: "Adresse gibt es nicht", family: "Dauerhaft", custom: true });
    expect(codes.byCode.get(2101)).toMatchObject({ reasons: ["mailbox_disabled"], family: "Dauerhaft" });
    expect(codes.byCode.get(7001)).toMatchObject({ rules: ["acme/gateway"], family: "Our partners" });
    expect(codes.byCode.get(3002)?.reasons).toEqual([]);
    const context = { severity: "hard", failureCodes: codes } as const;
    expect(codesFor("mailbox_disabled", context).failureCode).toBe(2101);
    expect(codesFor("mailbox_disabled", { ...context, rule: "acme/gateway" }).failureCode).toBe(7001);
    expect(codesFor("mailbox_unknown", { ...context, rule: "google/no-such-user" }).failureCode).toBe(2001);
  });

  test("removes a code that nothing gives any more", () => {
    const codes = configured("failureCodes: { codes: { 1003: false }, reasons: { domain_reputation: 1002 } }");
    expect(codes.byCode.has(1003)).toBe(false);
    expect(codes.codeOf("domain_reputation", null)).toBe(1002);
  });

  test.each([
    ["codes: { 21: too short }", /failureCodes\.codes\.21: .*four digits/],
    ["families: { 77: two digits }", /failureCodes\.families\.77: a family is one digit/],
    ["codes: { 7001: no family }", /failureCodes\.codes\.7001: family 7 has no name/],
    ["codes: { 2001: false }", /failureCodes\.codes\.2001: cannot be removed while mailbox_unknown gives it/],
    ["codes: { 2777: false }", /failureCodes\.codes\.2777: there is no such code/],
    ["reasons: { mailbox_full: 3777 }", /failureCodes\.reasons\.mailbox_full: code 3777 is not defined/],
    ["reasons: { mailbox_ful: 3001 }", /failureCodes\.reasons/],
    ["rules: { acme/x: 99 }", /failureCodes\.rules\.acme\/x/],
    ["familys: { 7: typo }", /failureCodes: .*familys/],
  ])("%s stops the start with a clear line", (section, message) => {
    expect(() => configured(`failureCodes: { ${section} }`)).toThrow(ConfigError);
    expect(() => configured(`failureCodes: { ${section} }`)).toThrow(message);
  });
});
