import { describe, expect, test } from "vitest";
import {
  hasNullPath,
  hasReversePath,
  isDaemonAddress,
  isFromDaemon,
  isFromNobody,
  isNamedDaemon,
  reversePathOf,
  senderOf,
} from "../../../src/core/mime/sender.ts";

const mailWith = (from: string | null, path: string | null) => ({
  headers: [
    ...(path === null ? [] : [{ name: "return-path", value: path }]),
    ...(from === null ? [] : [{ name: "from", value: from }]),
  ],
});

describe("the reverse-path", () => {
  test.each([
    ["<>", "", { isNull: true, isNobody: true, isOwn: false }],
    ["< >", "", { isNull: true, isNobody: true, isOwn: false }],
    ["", "", { isNull: true, isNobody: true, isOwn: false }],
    ["<MAILER-DAEMON>", "mailer-daemon", { isNull: false, isNobody: true, isOwn: false }],
    ["<Ann@Example.org>", "ann@example.org", { isNull: false, isNobody: false, isOwn: true }],
    ["ann@example.org", "ann@example.org", { isNull: false, isNobody: false, isOwn: true }],
    [null, null, { isNull: false, isNobody: false, isOwn: false }],
  ])("%s", (written, path, { isNull, isNobody, isOwn }) => {
    const mail = mailWith(null, written);
    expect(reversePathOf(mail)).toBe(path);
    expect(hasNullPath(mail)).toBe(isNull);
    expect(isFromNobody(mail)).toBe(isNobody);
    expect(hasReversePath(mail)).toBe(isOwn);
  });
});

describe("a daemon", () => {
  const OWN = "<bounce-7@shop.example>";
  test.each([
    ["MAILER-DAEMON@mx.example.org", OWN, { byAddress: true, byName: true, inFrom: true }],
    ["MAILER-DAEMON", OWN, { byAddress: true, byName: true, inFrom: true }],
    ["<>", OWN, { byAddress: true, byName: false, inFrom: true }],
    ["Ann <ann@example.org>", "<>", { byAddress: true, byName: false, inFrom: false }],
    ["Ann <ann@example.org>", OWN, { byAddress: false, byName: false, inFrom: false }],
    ["Mail Delivery System <x@example.org>", OWN, { byAddress: false, byName: true, inFrom: true }],
    ["AntiVirus_for_SMTP_Gateways@example.org", OWN, { byAddress: false, byName: true, inFrom: true }],
    // A shop's own mailer, and an old server's.
    ["Aliases <mailer@example.org>", OWN, { byAddress: false, byName: false, inFrom: true }],
    ["mailer@example.org", null, { byAddress: true, byName: false, inFrom: true }],
    ["postmasters.choice@example.org", OWN, { byAddress: false, byName: true, inFrom: true }],
    // A host's name says nothing of who writes.
    ["Ann <ann@mailserver.example>", OWN, { byAddress: false, byName: false, inFrom: false }],
  ])("%s, %s", (from, path, { byAddress, byName, inFrom }) => {
    const mail = mailWith(from, path);
    expect(isDaemonAddress(mail)).toBe(byAddress);
    expect(isNamedDaemon(mail)).toBe(byName);
    expect(isFromDaemon(mail)).toBe(inFrom);
  });
});

test("the sender is the address in From", () => {
  expect(senderOf(mailWith('"Ann" <ann@example.org>', null))).toBe("ann@example.org");
  expect(senderOf(mailWith("<>", null))).toBeNull();
});
