/** Signing in with an identity provider, and what an attacker could try on the way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry } from "../../src/store/audit/audit.ts";
import { FLOW_MS } from "../../src/http/access/oidc-flow.ts";
import { CLIENT, startProvider, type TestProvider } from "../support/oidc-provider.ts";
import { startHarness, type Harness } from "./harness.ts";

const PUBLIC_URL = "http://127.0.0.1:8025";
let provider: TestProvider;
let harness: Harness;
let yaml: Record<string, unknown>;
beforeAll(async () => {
  provider = await startProvider(PUBLIC_URL);
  provider.accounts.set("ann", {
    name: "Ann Example",
    email: "ann@example.com",
    email_verified: true,
    groups: ["staff", "mail-readers", "mail-admins"],
  });
  provider.accounts.set("bob", { name: "Bob", email: "bob@example.com", groups: ["staff", "mail-readers"] });
  provider.accounts.set("eve", { name: "Eve", email: "ann@example.com", groups: ["mail-admins ", "MAIL-ADMINS"] });
  yaml = {
    http: { publicUrl: PUBLIC_URL },
    oidc: {
      issuer: provider.issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      name: "Example ID",
      roles: { "mail-admins": "admin", "mail-readers": "viewer" },
      exportGroups: ["mail-admins"],
      sessionHours: 4,
    },
  };
  harness = await startHarness({ yaml });
});
afterAll(async () => {
  await harness.close();
  await provider.stop();
});

let address = 1;
/** From an address of its own, so that no limit of requests counts two of them together. */
const ask = (url: string, cookie = "", headers: Record<string, string> = {}) =>
  harness.app.inject({ url, headers: { cookie, ...headers }, remoteAddress: `192.0.2.${address}` });
type Answer = Awaited<ReturnType<typeof ask>>;
const cookiesOf = (answer: Answer): string =>
  answer.cookies
    .filter(({ value }) => value !== "")
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");

async function begin(query = ""): Promise<{ readonly url: string; readonly cookie: string; readonly answer: Answer }> {
  address++;
  const answer = await ask(`/sign-in/oidc${query}`);
  return { url: answer.headers.location ?? "", cookie: cookiesOf(answer), answer };
}
async function signIn(account: string, query = ""): Promise<{ readonly answer: Answer; readonly cookie: string }> {
  const { url, cookie } = await begin(query);
  const back = await provider.login(url, account);
  const answer = await ask(`${back.pathname}${back.search}`, cookie);
  return { answer, cookie: cookiesOf(answer) };
}
const statusWith = async (cookie: string, url = "/v1/events"): Promise<number> => (await ask(url, cookie)).statusCode;
const newest = (limit: number): Promise<readonly AuditEntry[]> => harness.store.audit.search({ limit });

test("the sign-in page offers both ways", async () => {
  const { body } = await ask("/sign-in?next=/log");
  expect(body).toContain('href="/sign-in/oidc?next=%2Flog"');
  expect(body).toContain("Sign in with Example ID");
  expect(body).toContain('name="secret"');
});

test("the whole way: role and export of the groups, a session, the audit log, the way out", async () => {
  const { url, answer: begun } = await begin();
  const asked = new URL(url);
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    client_id: "bounced",
    response_type: "code",
    code_challenge_method: "S256",
    redirect_uri: `${PUBLIC_URL}/sign-in/oidc/callback`,
    scope: "openid profile email",
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(begun.headers["set-cookie"]).toMatch(
    /^bounced_sign_in=[\w-]+; Max-Age=600; Path=\/sign-in\/oidc; HttpOnly; SameSite=Lax$/,
  );

  const { answer, cookie } = await signIn("ann", "?next=/log?severity=hard");
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('<meta http-equiv="refresh" content="0; url=/log?severity=hard" />');
  expect(answer.headers["set-cookie"]).toContainEqual(
    expect.stringMatching(/^bounced_session=p[a-z2-7]{15}\..+; Path=\/; HttpOnly; SameSite=Strict$/),
  );
  expect(answer.headers["set-cookie"]).toContainEqual(expect.stringMatching(/^bounced_sign_in=; /));
  expect([await statusWith(cookie, "/v1/audit"), await statusWith(cookie, "/v1/events.csv")]).toEqual([200, 200]);
  const [person] = await harness.store.people.list({ limit: 9 });
  expect(person).toMatchObject({ issuer: provider.issuer, sub: "ann", email: "ann@example.com", role: "admin" });
  const entries = await newest(5);
  expect(entries.map(({ action, actor, target, detail }) => [action, actor, target, detail]).slice(-2)).toEqual([
    ["sign-in", "person:ann@example.com", "", "provider"],
    [
      "person-change",
      "person:ann@example.com",
      `${person?.id} ann@example.com`,
      "first sign-in, role admin and export",
    ],
  ]);

  const page = await ask("/", cookie);
  const csrf = / name="csrf" content="([^"]+)"/.exec(page.body)?.[1] ?? "";
  expect(page.body).toContain('title="ann@example.com, admin"');
  const out = await harness.app.inject({ method: "POST", url: "/sign-out", headers: { cookie, "x-csrf-token": csrf } });
  expect(out.body).toContain(`content="0; url=${provider.issuer}/session/end?post_logout_redirect_uri=`);
  expect(await statusWith(cookie)).toBe(401);
});

test("a viewer is a viewer, and whoever has none of the groups exactly is refused and not stored", async () => {
  const { cookie } = await signIn("bob");
  expect([
    await statusWith(cookie),
    await statusWith(cookie, "/v1/audit"),
    await statusWith(cookie, "/v1/events.csv"),
  ]).toEqual([200, 403, 403]);
  const refused = await signIn("eve");
  expect(refused.answer.statusCode).toBe(403);
  expect(refused.answer.body).toContain("none of your groups may use bounced");
  expect(refused.answer.body).toContain('href="/sign-in/oidc?again=1"');
  expect(refused.cookie).toBe("");
  expect((await harness.store.people.list({ limit: 9 })).map(({ sub }) => sub).toSorted()).toEqual(["ann", "bob"]);
  expect((await newest(1))[0]).toMatchObject({
    action: "sign-in-refused",
    actor: "unknown",
    outcome: "refused",
    detail: "provider: no group with a role: ann@example.com (subject eve)",
  });
});

test("roles follow the groups at each sign-in; who loses them all is out everywhere", async () => {
  const first = await signIn("bob");
  provider.accounts.set("bob", { ...provider.accounts.get("bob"), groups: ["mail-admins"] });
  const second = await signIn("bob");
  expect((await newest(2))[1]).toMatchObject({
    action: "person-change",
    detail: "role viewer to admin, export allowed, by the groups at sign-in",
  });
  // The older session is the same person's.
  expect([await statusWith(first.cookie, "/v1/audit"), await statusWith(second.cookie, "/v1/audit")]).toEqual([
    200, 200,
  ]);
  provider.accounts.set("bob", { ...provider.accounts.get("bob"), groups: [] });
  expect((await signIn("bob")).answer.statusCode).toBe(403);
  expect([await statusWith(first.cookie), await statusWith(second.cookie)]).toEqual([401, 401]);
  provider.accounts.set("bob", { ...provider.accounts.get("bob"), groups: ["mail-readers"] });
});

test("revoked: every session ends at once, and no sign-in helps until restored", async () => {
  const { cookie } = await signIn("ann");
  const [ann] = await harness.store.people.list({ limit: 1, text: "Ann" });
  await harness.store.people.revoke(ann?.id ?? "", "cli:root");
  expect(await statusWith(cookie)).toBe(401);
  const refused = await signIn("ann");
  expect([refused.answer.statusCode, refused.cookie]).toEqual([403, ""]);
  expect(refused.answer.body).toContain("was revoked");
  await harness.store.people.restore(ann?.id ?? "");
  expect(await statusWith(cookie)).toBe(401);
  expect((await signIn("ann")).answer.statusCode).toBe(200);
});

test("a session ends after the hours of the setting, however busy", async () => {
  const { cookie } = await signIn("ann");
  const start = harness.clock.at;
  let current = cookie;
  for (let step = 0; step < 8; step++) {
    harness.clock.at += 30 * 60_000 - 1;
    const answer = await ask("/v1/codes", current);
    expect([step, answer.statusCode]).toEqual([step, 200]);
    current = cookiesOf(answer) || current;
  }
  harness.clock.at = start + 4 * 3_600_000 + 1;
  expect(await statusWith(current)).toBe(401);
  harness.clock.at = start;
});

test("login CSRF: an answer counts in the browser that began, once, within ten minutes", async () => {
  const attacker = await begin();
  const back = await provider.login(attacker.url, "ann");
  const callback = `${back.pathname}${back.search}`;
  // A victim who opens the attacker's answer, without and with a sign-in of their own begun.
  const victim = await begin();
  for (const cookie of ["", victim.cookie, `bounced_sign_in=${"A".repeat(200)}`]) {
    const answer = await ask(callback, cookie);
    expect([400, 401]).toContain(answer.statusCode);
    expect(cookiesOf(answer)).toBe("");
  }
  const tooLate = await begin();
  const late = await provider.login(tooLate.url, "ann");
  harness.clock.at += FLOW_MS + 1;
  expect((await ask(`${late.pathname}${late.search}`, tooLate.cookie)).statusCode).toBe(400);
  // Replay: a copied cookie and code bring nobody in a second time.
  const own = await begin();
  const answer = await provider.login(own.url, "ann");
  const path = `${answer.pathname}${answer.search}`;
  expect((await ask(path, own.cookie)).statusCode).toBe(200);
  const replayed = await ask(path, own.cookie);
  expect([replayed.statusCode, cookiesOf(replayed)]).toEqual([400, ""]);
});

test("another state, another issuer, doubled parameters and errors of the provider bring nobody in", async () => {
  const variants: readonly [string, (query: URLSearchParams) => void, string][] = [
    ["state", (query) => query.set("state", "x".repeat(43)), "state"],
    ["no state", (query) => query.delete("state"), "state"],
    ["issuer mix-up", (query) => query.set("iss", "https://evil.example"), "iss"],
    ["no issuer, which this provider always names", (query) => query.delete("iss"), "iss"],
    ["two codes", (query) => query.append("code", "other"), "code"],
    ["a made-up code", (query) => query.set("code", "made-up"), "invalid_grant"],
    [
      "refused",
      (query) => {
        query.delete("code");
        query.set("error", "access_denied");
      },
      "access_denied",
    ],
    [
      "hostile",
      (query) => {
        query.delete("code");
        query.set("error", "<b>x</b>");
        query.set("error_description", "token:boss");
      },
      "an error of its own",
    ],
  ];
  for (const [name, change, word] of variants) {
    const { url, cookie } = await begin();
    const back = await provider.login(url, "ann");
    change(back.searchParams);
    const answer = await ask(`${back.pathname}?${back.searchParams.toString()}`, cookie);
    expect([name, answer.statusCode, cookiesOf(answer)]).toEqual([name, 401, ""]);
    const [entry] = await newest(1);
    expect(entry, name).toMatchObject({ action: "sign-in-refused", detail: expect.stringContaining(word) });
    expect(`${entry?.detail}${answer.body}`).not.toMatch(/<b>x|token:boss|a-client-secret/);
  }
});

test("no way leads to another site", async () => {
  for (const next of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/a\nb",
    "/\t/evil.example",
  ]) {
    const { answer } = await signIn("ann", `?next=${encodeURIComponent(next)}`);
    expect(/ url=([^"]*)"/.exec(answer.body)?.[1], next).toBe("/");
  }
  const long = await signIn("ann", `?next=/${"x".repeat(1900)}`);
  expect(long.answer.body).toContain(' url=/"');
});

test("a page of another site begins nothing", async () => {
  address++;
  const answer = await ask("/sign-in/oidc?next=/log", "", { "sec-fetch-site": "cross-site" });
  expect([answer.headers.location, cookiesOf(answer)]).toEqual(["/sign-in?next=%2Flog", ""]);
});

test("a person of a database that is down is asked to wait, and a token still signs in", async () => {
  const { cookie } = await signIn("ann");
  const down = { ...harness.store, people: { ...harness.store.people, open: () => Promise.reject(new Error("down")) } };
  const broken = await startHarness({ store: down, yaml });
  const page = await broken.app.inject({ url: "/v1/events", headers: { cookie } });
  expect(page.statusCode).toBe(503);
  expect((await broken.app.inject({ url: "/sign-in", headers: { cookie } })).statusCode).toBe(200);
  const token = await broken.app.inject({
    method: "POST",
    url: "/sign-in",
    headers: { cookie },
    payload: { secret: broken.tokens.viewer },
  });
  expect(token.statusCode).toBe(303);
  await broken.close();
  // Where the provider is not configured any more, whoever came from it is out.
  const without = await startHarness({ store: harness.store });
  expect((await without.app.inject({ url: "/v1/events", headers: { cookie } })).statusCode).toBe(401);
  expect((await without.app.inject("/sign-in/oidc")).statusCode).toBe(410);
  await without.app.close();
});
