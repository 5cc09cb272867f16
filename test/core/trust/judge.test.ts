import { describe, expect, test } from "vitest";
import { judgeReport, type NamedRecipient } from "../../../src/core/trust/judge.ts";
import type { SignedMail } from "../../../src/core/proof/dkim/verify.ts";
import type { Signals } from "../../../src/core/trust/proofs.ts";
import { createReturnPath, type ReturnPathRequest } from "../../../src/return-path/create.ts";
import { readReturnPath } from "../../../src/return-path/read.ts";
import type { ReturnPathSettings } from "../../../src/return-path/settings.ts";
import type { OriginalMessage } from "../../../src/core/report/report.ts";

const NOW = "2026-11-23T10:00:00.000Z";
const on: ReturnPathSettings = {
  secrets: ["key"],
  prefix: "b",
  maxAgeDays: 30,
  tokenMaxAgeDays: 400,
  verp: { separator: "+", at: "=" },
};
const off: ReturnPathSettings = { ...on, secrets: [] };
const domain = "bounces.example.com";
const USER = "user@example.org";

const signed = (request: Partial<ReturnPathRequest>, at = NOW): string =>
  createReturnPath({ domain, ...request }, on, at);
const original = (fields: Partial<OriginalMessage>): OriginalMessage => ({
  messageId: null,
  from: null,
  to: [],
  subject: null,
  date: null,
  returnPath: null,
  listId: null,
  feedbackId: null,
  inReplyTo: null,
  references: [],
  headers: new Map(fields.returnPath ? [["return-path", `<${fields.returnPath}>`]] : []),
  ...fields,
});

const shownOf = (returned: OriginalMessage | null): Signals["shown"] =>
  [...(returned?.headers ?? [])].map(([name, value]) => ({ name, value }));

function judge(
  forwardPath: string | null,
  recipient: string | null,
  settings: ReturnPathSettings,
  { originalRecipient = null, ...more }: Partial<Signals> & Partial<NamedRecipient> = {},
): string {
  const [trust] = judgeReport(
    {
      returnPath: readReturnPath(forwardPath, settings, NOW),
      original: null,
      shown: shownOf(more.original ?? null),
      signed: [],
      report: [],
      receivedAt: NOW,
      settings,
      ...more,
    },
    [{ finalRecipient: recipient, originalRecipient }],
  );
  if (!trust) throw new Error("no judgement");
  return [trust.authenticity, ...trust.warnings.map(({ code, value }) => `${code} ${value}`)].join(" ");
}

const long = `${"long".repeat(15)}@example.org`;
const old = "2026-09-01T00:00:00Z";

test.each([
  ["made for whom the report names", signed({ recipient: USER }), USER, "proven"],
  ["case and dots of a domain aside", signed({ recipient: "U@GRÜN.example" }), "u@xn--grn-ioa.example", "proven"],
  ["bound by digest", signed({ recipient: long }), long, "proven"],
  ["the report names nobody", signed({ recipient: USER }), null, "proven"],
  ["the report blacks the name out", signed({ recipient: USER }), "redacted@example.org", "proven"],
  [
    "the report names another",
    signed({ recipient: USER }),
    "victim@example.org",
    "unproven recipient-mismatch victim@example.org",
  ],
  ["another than the digest", signed({ recipient: long }), USER, `unproven recipient-mismatch ${USER}`],
  ["made for no recipient", signed({ tag: "c42" }), USER, `unproven unbound-path ${USER}`],
  ["flipped", signed({ recipient: USER }).replace("+1", "+1a").replace(/.@/, "@"), USER, "forged"],
  ["expired", signed({ recipient: USER }, old), USER, "unproven"],
  ["plain while signing is on", `bounces@${domain}`, USER, "unproven"],
  ["VERP while signing is on", `b+user=example.org@${domain}`, USER, "unproven"],
  ["no envelope", null, USER, "unproven"],
])("signing on: %s", (_, forwardPath, recipient, expected) => {
  expect(judge(forwardPath, recipient, on)).toBe(expected);
});

test("the original recipient counts too: mail may be forwarded after it reached whom it was for", () => {
  const path = signed({ recipient: USER });
  expect(judge(path, "elsewhere@example.net", on, { originalRecipient: USER })).toBe(
    "proven recipient-redirected elsewhere@example.net",
  );
});

test("a returned header with our signature is evidence, if it is for the recipient named", () => {
  const quoting = { original: original({ returnPath: signed({ recipient: USER }) }) };
  expect(judge(`postmaster@${domain}`, USER, on, quoting)).toBe("likely");
  expect(judge(null, USER, on, quoting)).toBe("likely");
  expect(judge(`postmaster@${domain}`, "victim@example.org", on, quoting)).toContain("recipient-mismatch");
  expect(judge(signed({ recipient: USER }, old), USER, on, quoting)).toBe("unproven");
});

test("who got our mail cannot name a victim beside himself", () => {
  const report = (forwardPath: string, names: readonly NamedRecipient[], returned: OriginalMessage | null = null) =>
    judgeReport(
      {
        returnPath: readReturnPath(forwardPath, on, NOW),
        original: returned,
        shown: shownOf(returned),
        signed: [],
        report: [],
        receivedAt: NOW,
        settings: on,
      },
      names,
    ).map(({ authenticity, mailed }) => `${authenticity} ${mailed}`);
  const victims = ["v1@example.org", "v2@example.org", "v3@example.org"];
  for (const me of [USER, long]) {
    const mine = signed({ recipient: me });
    const beside = victims.map((finalRecipient) => ({ finalRecipient, originalRecipient: me }));
    const behind = victims.map((originalRecipient) => ({ finalRecipient: me, originalRecipient }));
    const alone = victims.map((finalRecipient) => ({ finalRecipient, originalRecipient: null }));
    const quoting = original({ returnPath: mine });
    const elsewhere = `postmaster@${domain}`;
    for (const trust of report(mine, beside)) expect(trust).toMatch(/^unproven /);
    for (const trust of report(elsewhere, beside, quoting)) expect(trust).toMatch(/^unproven /);
    const [first, ...rest] = report(mine, behind);
    expect(first).toBe(`proven ${me}`);
    for (const trust of rest) expect(trust).toMatch(/^unproven /);
    expect(report(elsewhere, behind, quoting)[0]).toBe(`likely ${me}`);
    // Of one that was forwarded he says that he himself failed, wherever it went.
    expect(report(mine, beside.slice(0, 1))).toEqual([`proven ${me}`]);
    expect(report(elsewhere, beside.slice(0, 1), quoting)).toEqual([`likely ${me}`]);
    for (const trust of report(mine, alone)) expect(trust).toMatch(/^unproven /);
    // His own name among them is his own.
    expect(report(mine, [...alone, { finalRecipient: me, originalRecipient: null }]).at(-1)).toBe(`proven ${me}`);
  }
});

describe("a path that is bound to nobody", () => {
  const path = signed({ tag: "c42" });
  const reporter = { check: "reporter", result: "pass", domain: null, detail: "192.0.2.1" } as const;
  const ours = original({ to: [USER], messageId: `<1@${domain}>` });
  const names = ["v@example.org", USER].map((finalRecipient) => ({ finalRecipient, originalRecipient: null }));
  const grades = (more: Partial<Signals>, claims: readonly NamedRecipient[] = names) =>
    judgeReport(
      {
        returnPath: readReturnPath(path, on, NOW),
        original: ours,
        shown: [],
        signed: [],
        report: [reporter],
        receivedAt: NOW,
        settings: on,
        ...more,
      },
      claims,
    ).map(({ authenticity, proof, mailed, warnings: [warning] }) =>
      [authenticity, proof, mailed, warning?.code].filter(Boolean).join(" "),
    );

  test("counts for the one to whom the returned mail of ours was addressed, if somebody vouches for the report", () => {
    expect(grades({})).toEqual(["unproven v@example.org unbound-path", `likely shared_path ${USER}`]);
    const daemon = { check: "dkim", result: "pass", domain: "example.org", detail: "postmaster@example.org" } as const;
    expect(grades({ report: [daemon] })[1]).toBe(`likely shared_path ${USER}`);
    const forwarded = [{ finalRecipient: "far@example.net", originalRecipient: USER }];
    expect(grades({}, forwarded)).toEqual([`likely shared_path ${USER}`]);
  });

  test.each<[string, Partial<Signals>]>([
    ["nobody vouches", { report: [] }],
    ["a user of the provider signs", { report: [{ ...reporter, check: "dkim", domain: "example.org", detail: USER }] }],
    ["the mail is another's", { original: original({ to: [USER], messageId: "<1@elsewhere.example>" }) }],
    ["the mail names nobody", { original: original({ to: [], messageId: `<1@${domain}>` }) }],
    ["nothing came back", { original: null }],
    ["it is old", { returnPath: readReturnPath(signed({ tag: "c42" }, old), on, NOW) }],
  ])("counts for nobody if %s", (_, more) => {
    expect(grades(more).join(" ")).not.toMatch(/likely|(?<!un)proven/);
  });

  test("does not stand before a better proof", () => {
    const one = { domain: "example.com", id: "s", recipient: USER } as SignedMail;
    expect(grades({ signed: [one] })[1]).toBe(`proven dkim ${USER}`);
  });
});

test("a complaint names our return path in a field of its own; whom it is about is often blacked out", () => {
  const shown = [{ name: "original-mail-from", value: `<${signed({ recipient: USER })}>` }];
  expect(judge(`fbl@${domain}`, null, on, { shown })).toBe("likely");
  expect(judge(`fbl@${domain}`, "redacted@example.org", on, { shown })).toBe("likely");
  expect(judge(`fbl@${domain}`, "victim@example.org", on, { shown })).toContain("recipient-mismatch");
});

test.each([
  ["a VERP address that names the same recipient", `b+user=example.org@${domain}`, USER, {}, "unproven"],
  [
    "a VERP address that names another",
    `b+user=example.org@${domain}`,
    "v@example.org",
    {},
    "unproven recipient-mismatch v@example.org",
  ],
  ["nothing returned", `bounces@${domain}`, USER, {}, "unproven"],
  ["our return path", `bounces@${domain}`, USER, { returnPath: `bounces@${domain}` }, "unproven"],
  ["our domain in From", `bounces@${domain}`, USER, { from: "news@example.com" }, "unproven"],
  ["our domain in Message-ID", `bounces@${domain}`, USER, { messageId: "<1@mail.bounces.example.com>" }, "unproven"],
  ["another's", `bounces@${domain}`, USER, { from: "a@notexample.com", messageId: "<1@com>" }, "unproven"],
])("what a stranger can make up, %s", (_, forwardPath, recipient, fields, expected) => {
  expect(judge(forwardPath, recipient, off, { original: original(fields) })).toBe(expected);
});
