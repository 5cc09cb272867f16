import { assert, emailAddress, oneof, option, property, string } from "fast-check";
import { expect, test } from "vitest";
import { createReturnPath } from "../../src/return-path/create.ts";
import { readReturnPath, verifyReturnPath } from "../../src/return-path/read.ts";
import { decodeSafe, encodeSafe } from "../../src/return-path/safe-text.ts";
import type { ReturnPathSettings } from "../../src/return-path/settings.ts";

const NOW = "2026-11-23T10:00:00.000Z";
const settings: ReturnPathSettings = {
  secrets: ["correct horse battery staple"],
  prefix: "b",
  maxAgeDays: 30,
  tokenMaxAgeDays: 400,
  verp: { separator: "+", at: "=" },
};
const domain = "bounces.example.com";
const create = (request: object, at: string = NOW, given = settings): string =>
  createReturnPath({ domain, ...request }, given, at);
const later = (days: number): string => new Date(Date.parse(NOW) + days * 86_400_000).toISOString();

test("an address says whom it was made for, what with, and when", () => {
  const address = create({ recipient: "User@Example.org", tag: "Campaign-42" });
  expect(address).toMatch(/^b\+[a-z0-9]{22,62}@bounces\.example\.com$/);
  expect(verifyReturnPath(address, settings, NOW)).toMatchObject({
    address,
    scheme: "signed",
    recipient: "user@example.org",
    tag: "Campaign-42",
    issuedAt: "2026-11-23T00:00:00.000Z",
    check: "valid",
  });
});

test("a recipient too long to carry is bound all the same", () => {
  const recipient = `${"long".repeat(15)}@example.org`;
  const address = create({ recipient, tag: "t" });
  const reading = verifyReturnPath(address, settings, NOW);
  expect(address.indexOf("@")).toBeLessThanOrEqual(64);
  expect(reading?.recipient).toBeNull();
  expect(reading?.bindsRecipient?.(recipient.toUpperCase())).toBe(true);
  expect(reading?.bindsRecipient?.("other@example.org")).toBe(false);
});

test("whatever fits comes back; nothing is longer than 64 octets or needs more than letters and digits", () => {
  assert(
    property(option(string({ maxLength: 12 })), option(emailAddress()), (tag, recipient) => {
      let address: string;
      try {
        address = create({ tag: tag ?? undefined, recipient: recipient ?? undefined });
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      expect(address).toMatch(/^b\+[a-z0-9]{1,62}@/);
      const reading = verifyReturnPath(address, settings, NOW);
      expect(reading?.tag).toBe(tag === "" ? null : tag);
      if (recipient === null) expect(reading?.bindsRecipient).toBeNull();
      else {
        expect(reading?.bindsRecipient?.(recipient)).toBe(true);
        expect(reading?.recipient ?? recipient.toLowerCase()).toBe(recipient.toLowerCase());
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each(["", "user@example.org", "qqqq", "MiXeD_+=-.q", "žluťoučký", "\u{1F600}", "a\u0000b"])(
  "safe text: %j comes back from letters and digits",
  (text) => {
    expect(encodeSafe(text)).toMatch(/^[a-z0-9]*$/);
    expect(decodeSafe(encodeSafe(text))).toBe(text);
  },
);

test.each(["q", "qz", "qx", "qxzz", "qxc3", "qx61", "qc1", "qc"])("safe text: %j is nobody's encoding", (safe) =>
  expect(decodeSafe(safe)).toBeNull(),
);

test("10,000 flipped signatures: none accepted", () => {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  let accepted = 0;
  let tried = 0;
  for (let i = 0; tried < 10_000; i++) {
    const address = create({ recipient: `user${i}@example.org`, tag: `t${i}` });
    const local = address.slice(0, address.indexOf("@"));
    for (let at = 2; at < local.length && tried < 10_000; at++, tried++) {
      const other = letters[(letters.indexOf(local[at]!) + 1 + ((i * 7 + at) % 35)) % 36]!;
      const flipped = `${local.slice(0, at)}${other}${local.slice(at + 1)}@${domain}`;
      if (verifyReturnPath(flipped, settings, NOW)) accepted++;
    }
  }
  expect({ tried, accepted }).toEqual({ tried: 10_000, accepted: 0 });
});

test("100,000 addresses, their case folded: all accepted", { timeout: 120_000 }, () => {
  let refused = 0;
  for (let i = 0; i < 100_000; i++) {
    const address = create({ tag: `m${i}`, recipient: i % 2 ? `u${i}@example.org` : undefined });
    const folded = i % 3 ? address.toUpperCase() : address.replaceAll(/[a-m]/g, (letter) => letter.toUpperCase());
    const reading = verifyReturnPath(folded, settings, NOW);
    if (reading?.tag !== `m${i}`) refused++;
  }
  expect(refused).toBe(0);
});

test("an address of another domain, prefix or key is none of ours", () => {
  const address = create({ recipient: "user@example.org" });
  const check = (text: string, given = settings) => readReturnPath(text, given, NOW)?.check;
  expect(check(address.replace("example.com", "example.net"))).toBe("bad");
  expect(check(address.replace("b+", "c+"))).toBe("unchecked");
  expect(check(address, { ...settings, secrets: ["another one"] })).toBe("unknown-key");
  expect(check(address, { ...settings, secrets: [] })).toBe("unchecked");
});

test("keys change without losing what is on its way", () => {
  const old = create({ recipient: "user@example.org" });
  const rotated = { ...settings, secrets: ["the new key", ...settings.secrets] };
  expect(readReturnPath(old, rotated, NOW)?.check).toBe("valid");
  const fresh = create({ recipient: "user@example.org" }, NOW, rotated);
  expect(readReturnPath(fresh, rotated, NOW)?.check).toBe("valid");
  expect(readReturnPath(fresh, settings, NOW)?.check).toBe("unknown-key");
});

test.each([
  [0, "valid"],
  [30, "valid"],
  [31, "expired"],
  [4_000, "expired"],
  [-2, "valid"],
  [-3, "bad"],
])("%i days later it is %s", (days, check) => {
  expect(readReturnPath(create({ tag: "t" }), settings, later(days))?.check).toBe(check);
});

test("where nobody knows the time nothing expires", () => {
  expect(readReturnPath(create({ tag: "t" }), settings, null)?.check).toBe("valid");
});

test.each([
  [{ tag: "x".repeat(60) }, "tag is too long: 20 characters over"],
  [{ recipient: "nobody" }, "not an address"],
  [{ scheme: "verp" }, "needs a recipient"],
  [{ scheme: "verp", recipient: "a@b.example", tag: "t" }, "no room for a tag"],
  [{ domain: "two words" }, "not a domain"],
])("%j cannot be made: %s", (request, message) => expect(() => create(request)).toThrow(message));

test("without a key there is nothing to sign with", () => {
  expect(() => create({}, NOW, { ...settings, secrets: [] })).toThrow("BOUNCED_SECRET");
});

test("reading is total", () => {
  assert(
    property(
      oneof(
        string(),
        emailAddress(),
        string().map((s) => `${s}@x.example`),
      ),
      (text) => {
        const reading = readReturnPath(text, { ...settings, batv: { secrets: ["k"] }, srs: { secrets: ["k"] } }, NOW);
        expect(reading?.check).not.toBe("valid");
      },
    ),
    { numRuns: 3_000 },
  );
});

test("the Kelvin sign is no k: U+212A would make one person's address another's", () => {
  const address = createReturnPath({ domain, recipient: "fran\u212A@example.org" }, settings, NOW);
  const reading = readReturnPath(address, settings, NOW);
  expect(reading?.bindsRecipient?.("frank@example.org")).toBe(false);
  expect(reading?.bindsRecipient?.("FRAN\u212A@example.org")).toBe(true);
});
