import { describe, expect, test } from "vitest";
import { suppressionSettingsSchema } from "../../src/store/settings.ts";
import {
  decideEntry,
  limitsOf,
  type Failure,
  type PolicyEvent,
  type PolicyHistory,
} from "../../src/store/suppressions/policy.ts";
import { DAY, NOW } from "./on-both.ts";

const settings = suppressionSettingsSchema.parse({});
const event = (changes: Partial<PolicyEvent> = {}): PolicyEvent => ({
  at: NOW,
  kind: "bounce",
  severity: "hard",
  reason: "mailbox_unknown",
  authenticity: "proven",
  confidence: 0.98,
  domain: "example.org",
  until: null,
  ...changes,
});
const soft = (changes: Partial<PolicyEvent> = {}) => event({ severity: "soft", reason: "mailbox_full", ...changes });
/** One failure so many days ago each. */
const daysAgo = (...days: readonly number[]): Failure[] =>
  days.map((ago) => ({ at: NOW - ago * DAY, message: `m${ago}`, severity: "soft", reason: "mailbox_full" }));
const history = (failures: readonly Failure[], changes: Partial<PolicyHistory> = {}): PolicyHistory => ({
  failures,
  resetAt: 0,
  domainAliveAt: 0,
  ...changes,
});
const none = history([]);

describe("at once", () => {
  for (const [what, given, expected] of [
    ["a hard bounce", event(), "hard"],
    ["a complaint", event({ kind: "complaint", severity: "complaint", reason: "complaint" }), "complaint"],
    ["a hard bounce that is likely ours", event({ authenticity: "likely", confidence: 0.8 }), "hard"],
  ] as const)
    test(`${what} suppresses`, () =>
      expect(decideEntry(given, none, settings)).toMatchObject({ kind: "suppress", cause: expected }));

  test("an automatic reply holds the address until the day is over that it names, if the policy says so", () => {
    const holding = suppressionSettingsSchema.parse({ absences: "hold" });
    const reply = (changes: Partial<PolicyEvent> = {}) =>
      event({ kind: "auto_reply", severity: "info", reason: "auto_reply", until: "2026-03-20", ...changes });
    expect(decideEntry(reply(), none, holding)).toEqual({
      kind: "suppress",
      cause: "soft",
      expiresAt: Date.parse("2026-03-21T00:00:00Z"),
      note: "absent until 2026-03-20",
    });
    for (const given of [reply({ until: null }), reply({ until: "2026-01-01" }), reply({ authenticity: "unproven" })])
      expect(decideEntry(given, none, holding)).toEqual({ kind: "nothing" });
    expect(decideEntry(reply(), none, settings)).toEqual({ kind: "nothing" });
  });

  for (const [what, given] of [
    ["an unproven hard bounce", event({ authenticity: "unproven" })],
    ["a forged one", event({ authenticity: "forged" })],
    ["a doubtful verdict", event({ confidence: 0.79 })],
    ["a block", event({ severity: "block", reason: "ip_reputation" })],
    ["an unknown reason", event({ severity: "unknown", reason: "unknown" })],
    ["a delay", event({ kind: "delay", severity: "soft", reason: "mailbox_full" })],
    ["an out-of-office reply", event({ kind: "auto_reply", severity: "info", reason: "auto_reply" })],
    ["one soft bounce", soft()],
  ] as const)
    test(`${what} does not`, () =>
      expect(decideEntry(given, history(daysAgo(0)), settings)).toEqual({ kind: "nothing" }));

  test("no setting lets a block suppress", () => {
    const eager = suppressionSettingsSchema.parse({
      reasons: { spam_content: { when: "at-once" } },
      domains: { "example.org": { when: "at-once" } },
    });
    expect(limitsOf(event({ severity: "block", reason: "spam_content" }), eager).when).toBe("never");
  });
});

describe("soft failures", () => {
  const suppresses = (given: PolicyHistory, with_ = settings, of = soft()) =>
    decideEntry(of, given, with_).kind === "suppress";

  test("five on distinct days over a week", () => {
    expect(suppresses(history(daysAgo(8, 6, 4, 2, 0)))).toBe(true);
    expect(suppresses(history(daysAgo(7, 6, 4, 2, 0)))).toBe(true);
    expect(suppresses(history(daysAgo(8, 6, 2, 0)))).toBe(false);
  });
  test("less than a week from first to last is not enough", () =>
    expect(suppresses(history(daysAgo(6, 5, 4, 3, 2, 1, 0)))).toBe(false));
  test("those older than 30 days do not count", () => expect(suppresses(history(daysAgo(31, 6, 4, 2, 0)))).toBe(false));
  test("several on one day are one", () =>
    expect(suppresses(history([...daysAgo(8, 6, 4, 0), ...daysAgo(4).map((f) => ({ ...f, message: "x" }))]))).toBe(
      false,
    ));
  test("several reports of one message are one", () =>
    expect(suppresses(history(daysAgo(8, 6, 4, 2, 0).map((failure) => ({ ...failure, message: "same" }))))).toBe(
      false,
    ));
  test("a delivery or a clearing starts the count again", () =>
    expect(suppresses(history(daysAgo(8, 6, 4, 2, 0), { resetAt: NOW - 5 * DAY }))).toBe(false));
  test("reasons that say nothing of the mailbox do not count", () => {
    const greylisted = daysAgo(8, 6, 4, 2).map((failure): Failure => ({ ...failure, reason: "greylisted" }));
    expect(suppresses(history([...greylisted, ...daysAgo(0)]))).toBe(false);
    expect(suppresses(history(greylisted), settings, soft({ reason: "rate_limited" }))).toBe(false);
  });
  test("a silence in between forgets what was before", () => {
    const patient = suppressionSettingsSchema.parse({ soft: { withinDays: 365, silenceDays: 60 } });
    expect(suppresses(history(daysAgo(110, 108, 106, 1, 0)), patient)).toBe(false);
    expect(suppresses(history(daysAgo(50, 48, 46, 1, 0)), patient)).toBe(true);
  });
  test("a domain that does not answer counts while it answers nobody", () => {
    const dead = daysAgo(8, 6, 4, 2, 0).map((failure): Failure => ({ ...failure, reason: "connection_failed" }));
    const of = soft({ reason: "connection_failed" });
    expect(suppresses(history(dead), settings, of)).toBe(true);
    expect(suppresses(history(dead, { domainAliveAt: NOW - DAY }), settings, of)).toBe(false);
    expect(suppresses(history([...dead.slice(0, 4), ...daysAgo(0)], { domainAliveAt: NOW - DAY }))).toBe(false);
  });
  test("limits per reason and per domain; the domain's come first", () => {
    const own = suppressionSettingsSchema.parse({
      reasons: {
        mailbox_full: { failures: 2, spreadDays: 0, expiresAfterDays: 10 },
        mailbox_unknown: { when: "never" },
      },
      domains: { "Example.ORG": { failures: 3 }, "at-once.example": { when: "at-once", expiresAfterDays: null } },
    });
    expect(suppresses(history(daysAgo(1, 0)), own)).toBe(false);
    expect(suppresses(history(daysAgo(2, 1, 0)), own)).toBe(true);
    expect(suppresses(history(daysAgo(1, 0)), own, soft({ domain: "other.example" }))).toBe(true);
    expect(decideEntry(soft({ domain: "other.example" }), history(daysAgo(1, 0)), own)).toMatchObject({
      expiresAt: NOW + 10 * DAY,
    });
    expect(decideEntry(soft({ domain: "at-once.example" }), none, own)).toMatchObject({
      cause: "soft",
      expiresAt: null,
    });
    expect(decideEntry(event(), none, own).kind).toBe("nothing");
  });
});

test("a delivery lifts", () => {
  expect(decideEntry(event({ kind: "delivery", severity: "info", reason: "delivered" }), none, settings)).toMatchObject(
    {
      kind: "lift",
    },
  );
});
