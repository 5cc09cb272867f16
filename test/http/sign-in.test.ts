/** The ways in: one-time links, tokens, the password; and how a session ends. */
import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { createSignInLink, LINK_MS } from "../../src/http/access/sign-in-links.ts";
import { readTokenFile, writeTokenFile, type TokenFile } from "../../src/http/access/token-file.ts";
import { createAccessToken, hashPassword, verifyToken } from "../../src/http/access/tokens.ts";
import { offerWaysIn } from "../../src/http/access/ways-in.ts";
import { startHarness, type Harness } from "./harness.ts";

const PASSWORD = "a password for tests";
let harness: Harness;
let file: TokenFile;
beforeAll(async () => {
  harness = await startHarness();
  file = harness.file.current;
});
beforeEach(() => (harness.file.current = file));
afterAll(() => harness.close());

const signIn = async (secret: string, remoteAddress = "192.0.2.1") => {
  const answer = await harness.app.inject({ method: "POST", url: "/sign-in", payload: { secret }, remoteAddress });
  return { status: answer.statusCode, cookie: cookieOf(answer) };
};
const cookieOf = (answer: { readonly cookies: readonly { readonly name: string; readonly value: string }[] }): string =>
  answer.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
const statusWith = async (cookie: string): Promise<number> =>
  (await harness.app.inject({ url: "/v1/events", headers: { cookie }, remoteAddress: "192.0.2.1" })).statusCode;

test("a link signs in as admin, once; another process cannot use it again", async () => {
  const path = createSignInLink(harness.dataDir, harness.clock.at);
  const first = await harness.app.inject(path);
  expect([first.statusCode, first.headers.location]).toEqual([303, "/"]);
  expect(await statusWith(cookieOf(first))).toBe(200);
  const again = await harness.app.inject(path);
  expect([again.statusCode, again.cookies]).toEqual([410, []]);
});

test("a link is not used up by HEAD or a browser that fetches ahead, and ends after a day", async () => {
  const path = createSignInLink(harness.dataDir, harness.clock.at);
  await harness.app.inject({ method: "HEAD", url: path });
  await harness.app.inject({ url: path, headers: { "sec-purpose": "prefetch;prerender" } });
  expect((await harness.app.inject(path)).statusCode).toBe(303);
  const old = createSignInLink(harness.dataDir, harness.clock.at);
  harness.clock.at += LINK_MS;
  expect((await harness.app.inject(old)).statusCode).toBe(410);
  createSignInLink(harness.dataDir, harness.clock.at);
  // What has expired is removed.
  expect(readdirSync(join(harness.dataDir, "sign-in"))).toHaveLength(1);
});

test("what is stored of a link does not sign in", async () => {
  const path = createSignInLink(harness.dataDir, harness.clock.at);
  const folder = join(harness.dataDir, "sign-in");
  const [name = ""] = readdirSync(folder);
  expect(path).not.toContain(name);
  expect((await harness.app.inject(`/sign-in/${name}`)).statusCode).toBe(410);
  expect((await harness.app.inject("/sign-in/..%2Ftokens.json")).statusCode).toBe(410);
  expect([statSync(folder).mode & 0o077, statSync(join(folder, name)).mode & 0o077]).toEqual([0, 0]);
});

test("signing out ends the session for every copy of its cookie", async () => {
  const { cookie } = await signIn(harness.tokens.admin);
  expect(await statusWith(cookie)).toBe(200);
  const page = await harness.app.inject({ url: "/", headers: { cookie } });
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
  const out = await harness.app.inject({
    method: "POST",
    url: "/sign-out",
    headers: { cookie },
    payload: { _csrf: csrf },
  });
  expect(out.statusCode).toBe(303);
  expect(await statusWith(cookie)).toBe(401);
});

test("changing the password ends its sessions and those of links; revoking a token ends its own", async () => {
  const { tokens } = harness.file.current;
  const withPassword = async (password: string | null) =>
    (harness.file.current = { v: 1, tokens, password: password === null ? null : await hashPassword(password) });
  const byLink = cookieOf(await harness.app.inject(createSignInLink(harness.dataDir, harness.clock.at)));
  expect(await statusWith(byLink)).toBe(200);
  await withPassword(PASSWORD);
  expect(await statusWith(byLink)).toBe(401);
  const { cookie } = await signIn(PASSWORD);
  const byToken = (await signIn(harness.tokens.viewer)).cookie;
  expect(await statusWith(cookie)).toBe(200);
  await withPassword(PASSWORD);
  expect(await statusWith(cookie)).toBe(401);
  await withPassword(null);
  expect([await statusWith(cookie), await statusWith(byToken)]).toEqual([401, 200]);
  const [viewer] = tokens;
  if (!viewer) throw new Error("no token");
  // The same id with another secret is another credential.
  const replaced = createAccessToken({ ...viewer, expiresAt: null }, new Date(harness.clock.at)).record;
  harness.file.current = { v: 1, tokens: [{ ...replaced, id: viewer.id }], password: null };
  expect(await statusWith(byToken)).toBe(401);
});

test("ten wrong passwords lock passwords out, never a valid token", async () => {
  harness.file.current = { ...harness.file.current, password: await hashPassword(PASSWORD) };
  const from = "192.0.2.77";
  for (let i = 0; i < 10; i++) expect((await signIn("wrong", from)).status).toBe(401);
  expect((await signIn(PASSWORD, from)).status).toBe(429);
  expect((await signIn(harness.tokens.viewer, from)).status).toBe(303);
});

test("the first start makes an operator token once, and links until there is an admin", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-first-"));
  const config = loadConfig({ BOUNCED_DATA_DIR: dataDir });
  const now = new Date("2026-05-01T12:00:00Z");
  const [tokenLine = "", linkLine = "", ...rest] = offerWaysIn(config, "http://127.0.0.1:8025", now);
  expect(rest).toEqual([]);
  const path = join(dataDir, "tokens.json");
  const token = /bnc_\S+/.exec(tokenLine)?.[0] ?? "";
  expect(verifyToken(readTokenFile(path).tokens, token, now)?.role).toBe("operator");
  expect(readFileSync(path, "utf8")).not.toContain(token.slice(13));
  expect(linkLine).toMatch(/http:\/\/127\.0\.0\.1:8025\/sign-in\/[\w-]{43}$/);
  expect(offerWaysIn(config, "http://127.0.0.1:8025", now)).toEqual([expect.stringContaining("/sign-in/")]);
  const { record } = createAccessToken({ name: "me", role: "admin", mayExport: false }, now);
  writeTokenFile(path, { v: 1, tokens: [record], password: null });
  expect(offerWaysIn(config, "http://127.0.0.1:8025", now)).toEqual([]);
  writeTokenFile(path, { v: 1, tokens: [{ ...record, revokedAt: now.toISOString() }], password: null });
  expect(offerWaysIn(config, "http://127.0.0.1:8025", now)).toEqual([expect.stringContaining("/sign-in/")]);
});

test("open mode makes no token and says what it means", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-first-"));
  const config = loadConfig({ BOUNCED_DATA_DIR: dataDir, BOUNCED_HTTP_OPEN: "1" });
  expect(offerWaysIn(config, "http://127.0.0.1:8025", new Date())).toEqual([
    expect.stringContaining("BOUNCED_HTTP_OPEN"),
  ]);
  expect(readdirSync(dataDir)).toEqual([]);
});
