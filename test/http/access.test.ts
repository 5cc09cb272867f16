import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createLockout } from "../../src/http/access/lockout.ts";
import { ACCESSES, allows, type Principal } from "../../src/http/access/principal.ts";
import { ACCESS_ROLES } from "../../src/store/people/person.ts";
import {
  ABSOLUTE_MS,
  csrfToken,
  IDLE_MS,
  isCsrfToken,
  newSession,
  openSession,
  sealSession,
  type Session,
} from "../../src/http/access/session.ts";
import { readTokenFile, watchTokenFile, writeTokenFile } from "../../src/http/access/token-file.ts";
import { createAccessToken, hashPassword, verifyPassword, verifyToken } from "../../src/http/access/tokens.ts";

const now = new Date("2026-05-01T12:00:00Z");
const wanted = { name: "test", role: "viewer", mayExport: false } as const;

describe("tokens", () => {
  test("the record does not hold the secret, and verifies it", () => {
    const { token, record } = createAccessToken(wanted, now);
    expect(JSON.stringify(record)).not.toContain(token.slice("bnc_abcdefgh_".length));
    expect(verifyToken([record], token, now)).toBe(record);
  });

  test.each([
    ["another secret", (token: string) => token.slice(0, -4) + "AAAA"],
    ["another id", (token: string) => token.replace(/_[a-z0-9]{8}_/, "_aaaaaaaa_")],
    ["a prefix", (token: string) => token.slice(0, -1)],
    ["nothing", () => ""],
    ["something long", () => "x".repeat(10_000)],
  ])("%s is not accepted", (_name, change) => {
    const { token, record } = createAccessToken(wanted, now);
    expect(verifyToken([record], change(token), now)).toBeNull();
  });

  test("neither a revoked nor an expired one is accepted", () => {
    const { token, record } = createAccessToken({ ...wanted, expiresAt: new Date("2026-05-02T12:00:00Z") }, now);
    expect(verifyToken([record], token, new Date("2026-05-02T11:59:59Z"))).toBe(record);
    expect(verifyToken([record], token, new Date("2026-05-02T12:00:00Z"))).toBeNull();
    expect(verifyToken([{ ...record, revokedAt: now.toISOString() }], token, now)).toBeNull();
  });

  test("passwords", async () => {
    const record = await hashPassword("correct horse battery");
    expect(record.hash).not.toContain("correct");
    expect(await verifyPassword(record, "correct horse battery")).toBe(true);
    expect(await verifyPassword(record, "correct horse batterx")).toBe(false);
    expect(await verifyPassword(null, "")).toBe(false);
  });
});

describe("the token file", () => {
  const path = () => join(mkdtempSync(join(tmpdir(), "bounced-tokens-")), "tokens.json");

  test("no file means no tokens; it is private; a change is seen without a restart", () => {
    const file = path();
    const source = watchTokenFile(file);
    expect(source.current().tokens).toEqual([]);
    const { record } = createAccessToken(wanted, now);
    writeTokenFile(file, { v: 1, tokens: [record], password: null });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(source.current().tokens).toEqual([record]);
    writeTokenFile(file, { v: 1, tokens: [{ ...record, revokedAt: now.toISOString() }], password: null });
    expect(source.current().tokens[0]?.revokedAt).toBe(now.toISOString());
  });

  test("a damaged file is an error that names it, never an open door", () => {
    const file = path();
    writeTokenFile(file, { v: 1, tokens: [{ id: "x" }], password: null } as never);
    expect(() => readTokenFile(file)).toThrow(file);
  });
});

describe("sessions", () => {
  const key = Buffer.alloc(32, 7);
  const at = now.getTime();
  const session = newSession("abcdefgh", at);
  const seal = (sealed: Session): string => sealSession(sealed, key, "secret");
  const open = (cookie: string, now = at, binding: string | null = "secret", by = key) =>
    openSession(cookie, by, now, { binding, longestMs: ABSOLUTE_MS });

  test("open what was sealed, nothing else", () => {
    const cookie = seal(session);
    expect(open(cookie)).toEqual(session);
    expect(open(cookie.replace("abcdefgh", "admin"))).toBeNull();
    expect(open(cookie, at, "secret", Buffer.alloc(32, 8))).toBeNull();
    expect(open("")).toBeNull();
  });

  test("end with the credential that they came from", () => {
    expect(open(seal(session), at, "another secret")).toBeNull();
    expect(open(seal(session), at, null)).toBeNull();
  });

  test("end when idle, and in any case after half a day", () => {
    expect(open(seal(session), at + IDLE_MS + 1)).toBeNull();
    const busy = { ...session, seenAt: at + ABSOLUTE_MS };
    expect(open(seal(busy), at + ABSOLUTE_MS)).toEqual(busy);
    expect(open(seal(busy), at + ABSOLUTE_MS + 1)).toBeNull();
  });

  test("a CSRF token belongs to one session and is not the cookie's signature", () => {
    const token = csrfToken(session, key);
    expect(isCsrfToken(token, session, key)).toBe(true);
    expect(isCsrfToken(token, newSession("abcdefgh", at), key)).toBe(false);
    expect(seal(session)).not.toContain(token);
  });
});

describe("lock-out", () => {
  const make = () => {
    const clock = { at: 0 };
    return {
      clock,
      lockout: createLockout({ failures: 3, windowMs: 60_000, maxEntries: 2, now: () => clock.at }),
    };
  };

  test("after three failures the address waits out the window", () => {
    const { clock, lockout } = make();
    lockout.fail("192.0.2.1");
    lockout.fail("192.0.2.1");
    expect(lockout.waitSeconds("192.0.2.1")).toBe(0);
    clock.at = 30_000;
    lockout.fail("192.0.2.1");
    expect(lockout.waitSeconds("192.0.2.1")).toBe(60);
    expect(lockout.waitSeconds("192.0.2.2")).toBe(0);
    clock.at = 90_000;
    expect(lockout.waitSeconds("192.0.2.1")).toBe(0);
  });

  test("success clears, the table is bounded", () => {
    const { lockout } = make();
    for (const address of ["192.0.2.1", "192.0.2.1", "192.0.2.1"]) lockout.fail(address);
    lockout.succeed("192.0.2.1");
    expect(lockout.waitSeconds("192.0.2.1")).toBe(0);
    for (const last of [1, 1, 1, 2, 3]) lockout.fail(`192.0.2.${last}`);
    expect(lockout.waitSeconds("192.0.2.1")).toBe(0);
  });

  test("one IPv6 network is one guesser", () => {
    const { lockout } = make();
    for (const tail of ["::1", ":0:0:0:2", ":dead:beef:1:1"]) lockout.fail(`2001:db8:1:2${tail}`);
    expect(lockout.waitSeconds("2001:db8:1:2:ffff::1")).toBe(60);
    expect(lockout.waitSeconds("2001:db8:1:3::1")).toBe(0);
  });
});

test("every role against every access", () => {
  const principal = (role: (typeof ACCESS_ROLES)[number], mayExport: boolean): Principal => ({
    id: "t",
    name: "t",
    role,
    mayExport,
    bounds: null,
    via: "token",
  });
  const table = Object.fromEntries(
    [null, ...ACCESS_ROLES.flatMap((role) => [principal(role, false), principal(role, true)])].map((who) => [
      who ? `${who.role}${who.mayExport ? "+export" : ""}` : "nobody",
      [...ACCESSES, undefined].filter((access) => allows(who, access)).map((access) => access ?? "undeclared"),
    ]),
  );
  expect(table).toEqual({
    nobody: ["public"],
    viewer: ["public", "viewer"],
    "viewer+export": ["public", "viewer", "export"],
    operator: ["public", "viewer", "operator"],
    "operator+export": ["public", "viewer", "operator", "export"],
    admin: ["public", "viewer", "operator", "admin", "undeclared"],
    "admin+export": ["public", "viewer", "operator", "admin", "export", "undeclared"],
  });
});
