/** A provider that lies, or is broken: no answer of it brings somebody in, keeps us waiting or fills our memory. */
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { configFileSchema } from "../../src/config/config-file.ts";
import type { CheckContext } from "../../src/doctor/check.ts";
import { checkSignIn } from "../../src/doctor/sign-in.ts";
import { hideSecrets } from "../../src/machine/secrets.ts";
import { factsOf, type Claims } from "../../src/oidc/claims.ts";
import { MAX_ANSWER } from "../../src/oidc/bounded-fetch.ts";
import { openProvider, SignInError } from "../../src/oidc/provider.ts";
import { isSafePlace, oidcSchema, type OidcSettings } from "../../src/oidc/settings.ts";

const SECRET = "a-secret-that-nobody-sees";
const REDIRECT = "https://bounces.example.com/sign-in/oidc/callback";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const jwk = { ...publicKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "k" };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let issuer = "";
let nonce = "";
/** What differs in this test, by path. */
let answers: Record<string, Answer> = {};
let seen: { readonly path: string; readonly authorization: string }[] = [];

const json =
  (body: object): Answer =>
  (_request, response) =>
    void response.setHeader("content-type", "application/json").end(JSON.stringify(body));
const metadata = (): Record<string, unknown> => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  userinfo_endpoint: `${issuer}/me`,
  end_session_endpoint: `${issuer}/end`,
  id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
  response_types_supported: ["code"],
});
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
function idToken(changes: object = {}, header: object = { alg: "RS256", kid: "k" }, key = privateKey): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: "bounced",
    sub: "ann",
    iat: now,
    exp: now + 60,
    nonce,
    groups: ["g"],
    email: "a@b.test",
  };
  const text = `${part(header)}.${part({ ...claims, ...changes })}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
const tokens = (id_token: string): Answer => json({ access_token: "t", token_type: "Bearer", id_token });

const server = createServer((request, response) => {
  const path = request.url?.split("?")[0] ?? "";
  seen.push({ path, authorization: request.headers.authorization ?? "" });
  const usual: Record<string, Answer> = {
    "/.well-known/openid-configuration": json(metadata()),
    "/keys": json({ keys: [jwk] }),
    "/token": tokens(idToken()),
    "/me": json({ sub: "ann", groups: ["of userinfo"] }),
  };
  (answers[path] ?? usual[path] ?? json({}))(request, response);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answers = {};
  seen = [];
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const settingsOf = (more: object = {}): OidcSettings =>
  oidcSchema.parse({ issuer, clientId: "bounced", clientSecret: SECRET, roles: { g: "viewer" }, ...more });

async function signIn(settings = settingsOf()): Promise<Claims> {
  const provider = openProvider(settings, REDIRECT);
  const { url, flow } = await provider.begin(false);
  ({ nonce } = flow);
  return provider.finish(`code=c&state=${new URL(url).searchParams.get("state")}`, flow);
}
async function problemOf(work: Promise<unknown>): Promise<SignInError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SignInError) return error;
    throw error;
  }
  throw new Error("it was let in");
}

test("a sound answer is accepted, with the secret as RFC 6749 encodes it; what the ID token lacks is asked for", async () => {
  expect(await signIn()).toMatchObject({ sub: "ann", groups: ["g"], email: "a@b.test" });
  const basic = Buffer.from(`bounced:${encodeURIComponent(SECRET).replaceAll("-", "%2D")}`).toString("base64");
  expect(seen.find(({ path }) => path === "/token")?.authorization).toBe(`Basic ${basic}`);
  expect(seen.map(({ path }) => path)).not.toContain("/me");
  answers["/token"] = (...parameters) => tokens(idToken({ groups: undefined }))(...parameters);
  expect(await signIn()).toMatchObject({ groups: ["of userinfo"] });
  // Who is verified in one place is not somebody else in the other.
  for (const [inToken, inUserinfo, verified] of [
    [{}, { email: "boss@b.test", email_verified: true }, false],
    [{}, { email: "a@b.test", email_verified: true }, true],
    [{ email: undefined, email_verified: true }, { email: "boss@b.test" }, false],
    [{ email: undefined }, { email: "a@b.test", email_verified: true }, true],
  ] as const) {
    answers["/token"] = (...parameters) => tokens(idToken({ groups: undefined, ...inToken }))(...parameters);
    answers["/me"] = json({ sub: "ann", groups: [], ...inUserinfo });
    expect(factsOf(await signIn(), settingsOf())?.emailVerified, JSON.stringify([inToken, inUserinfo])).toBe(verified);
  }
  answers["/me"] = json({ sub: "boss", groups: ["g"] });
  expect((await problemOf(signIn())).kind).toBe("invalid");
});

const HS256 = (claims: object): string => {
  const text = `${part({ alg: "HS256" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
};
const now = (): number => Math.floor(Date.now() / 1000);
test.each<[string, () => string]>([
  ["alg none", () => `${idToken({}, { alg: "none" }).split(".").slice(0, 2).join(".")}.`],
  [
    "HS256 with the client secret",
    () => HS256({ iss: issuer, aud: "bounced", sub: "x", iat: now(), exp: now() + 60, nonce }),
  ],
  ["HS256 with the public key", () => idToken({}, { alg: "HS256", kid: "k" })],
  ["a key that is not the provider's", () => idToken({}, { alg: "RS256", kid: "k" }, foreign)],
  ["a key that it does not have", () => idToken({}, { alg: "RS256", kid: "other" })],
  ["a key in its own header", () => idToken({}, { alg: "RS256", jwk }, foreign)],
  [
    "changed after it was signed",
    () =>
      idToken().replace(
        /\.[^.]+\./,
        `.${part({ iss: issuer, aud: "bounced", sub: "boss", iat: now(), exp: now() + 60, nonce })}.`,
      ),
  ],
  ["of another issuer", () => idToken({ iss: "https://evil.example" })],
  ["for another client", () => idToken({ aud: "shop" })],
  ["for several clients, and not ours alone", () => idToken({ aud: ["bounced", "shop"] })],
  ["for several, by another", () => idToken({ aud: ["bounced", "shop"], azp: "shop" })],
  ["of another sign-in", () => idToken({ nonce: "other" })],
  ["without nonce", () => idToken({ nonce: undefined })],
  ["expired beyond the skew of clocks", () => idToken({ exp: now() - 60 })],
  ["without end", () => idToken({ exp: undefined })],
  ["from the future", () => idToken({ nbf: now() + 600 })],
  ["no subject", () => idToken({ sub: undefined })],
  ["a subject that is no text", () => idToken({ sub: { $ne: "" } })],
  ["no JWT", () => "x"],
])("an ID token %s is refused", async (_name, made) => {
  answers["/token"] = (...parameters) => tokens(made())(...parameters);
  const { kind, message } = await problemOf(signIn());
  expect(kind).toBe("invalid");
  expect(message).not.toContain(SECRET);
});

test("half a minute between the clocks is no reason", async () => {
  answers["/token"] = (...parameters) => tokens(idToken({ exp: now() - 20, iat: now() + 20 }))(...parameters);
  expect(await signIn()).toMatchObject({ sub: "ann" });
});

test.each<[string, string, Answer, SignInError["kind"]]>([
  [
    "calls itself another",
    "/.well-known/openid-configuration",
    (...p) => json({ ...metadata(), issuer: `${issuer}/common` })(...p),
    "invalid",
  ],
  [
    "has its tokens elsewhere without TLS",
    "/.well-known/openid-configuration",
    (...p) => json({ ...metadata(), token_endpoint: "http://evil.example/token" })(...p),
    "invalid",
  ],
  [
    "has its keys elsewhere without TLS",
    "/.well-known/openid-configuration",
    (...p) => json({ ...metadata(), jwks_uri: "http://169.254.169.254/" })(...p),
    "invalid",
  ],
  [
    "has no keys",
    "/.well-known/openid-configuration",
    (...p) => json({ ...metadata(), jwks_uri: undefined })(...p),
    "invalid",
  ],
  [
    "signs in with a script",
    "/.well-known/openid-configuration",
    (...p) => json({ ...metadata(), authorization_endpoint: "javascript:alert(1)" })(...p),
    "invalid",
  ],
  [
    "sends us elsewhere",
    "/.well-known/openid-configuration",
    (_request, response) => void response.writeHead(302, { location: `${issuer}/keys` }).end(),
    "invalid",
  ],
  [
    "is broken",
    "/.well-known/openid-configuration",
    (_request, response) => void response.writeHead(502).end("<html>"),
    "down",
  ],
  [
    "answers with HTML",
    "/.well-known/openid-configuration",
    (_request, response) => void response.end("<html>"),
    "invalid",
  ],
  ["closes the connection", "/.well-known/openid-configuration", ({ socket }) => void socket.destroy(), "down"],
  ["closes it for tokens", "/token", ({ socket }) => void socket.destroy(), "down"],
  ["closes it for keys", "/keys", ({ socket }) => void socket.destroy(), "down"],
  [
    "closes it in the middle",
    "/keys",
    (_request, response) => void response.setHeader("content-length", "900").write("{", () => response.destroy()),
    "down",
  ],
  [
    "answers without an end",
    "/token",
    (_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 32);
      const more = (): void => void response.write(chunk, () => !response.destroyed && setImmediate(more));
      response.setHeader("content-type", "application/json");
      more();
    },
    "down",
  ],
  [
    "refuses the code",
    "/token",
    (_request, response) =>
      void response
        .writeHead(400, { "content-type": "application/json" })
        .end(JSON.stringify({ error: "invalid_client", error_description: SECRET })),
    "invalid",
  ],
  ["gives no ID token", "/token", json({ access_token: "t", token_type: "Bearer" }), "invalid"],
])("a provider that %s brings nobody in", async (_name, path, answer, kind) => {
  answers[path] = answer;
  const problem = await problemOf(signIn());
  expect(problem.kind).toBe(kind);
  expect(problem.message).not.toContain(SECRET);
});

test("a failure is not kept, and callers at the same time ask once", async () => {
  const discovery = "/.well-known/openid-configuration";
  answers[discovery] = ({ socket }) => void socket.destroy();
  const provider = openProvider(settingsOf(), REDIRECT);
  await Promise.allSettled(Array.from({ length: 10 }, () => provider.begin(false)));
  expect(seen.filter(({ path }) => path === discovery)).toHaveLength(1);
  answers = {};
  expect((await provider.begin(true)).url).toContain("prompt=login");
  await provider.begin(false);
  expect(seen.filter(({ path }) => path === discovery)).toHaveLength(2);
});

test("the secret of a file is read for each sign-in; an empty one is no way in", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "bounced-oidc-")), "secret");
  const settings = settingsOf({ clientSecret: undefined, clientSecretFile: file });
  expect((await problemOf(signIn(settings))).message).toContain(file);
  writeFileSync(file, "\n");
  expect((await problemOf(signIn(settings))).message).toContain("is empty");
  writeFileSync(file, `${SECRET}\n`);
  expect(await signIn(settings)).toMatchObject({ sub: "ann" });
});

test("doctor asks the provider, and names what is missing; the secret stays hidden", async () => {
  const findings = (more: object = {}) => {
    const file = configFileSchema.parse({
      http: { publicUrl: "https://bounces.example.com", basePath: "/m" },
      oidc: { ...settingsOf(), ...more },
    });
    return checkSignIn({ config: { file } } as CheckContext);
  };
  const admins = { roles: { g: "admin" } };
  expect(await findings(admins)).toMatchObject([
    { state: "ok", found: expect.stringContaining("https://bounces.example.com/m/sign-in/oidc/callback") },
  ]);
  expect(await findings()).toMatchObject([
    { state: "warn", found: expect.stringContaining("no group has the role admin") },
  ]);
  answers["/.well-known/openid-configuration"] = (_request, response) => void response.writeHead(503).end();
  const [finding] = await findings(admins);
  expect(finding).toMatchObject({ state: "fail", found: expect.stringContaining("status 503") });
  expect(JSON.stringify(finding)).not.toContain(SECRET);
  expect(await checkSignIn({ config: { file: configFileSchema.parse({}) } } as CheckContext)).toEqual([]);
  const shown = JSON.stringify(
    hideSecrets(
      configFileSchema,
      configFileSchema.parse({ http: { publicUrl: "https://b.example" }, oidc: settingsOf() }),
    ),
  );
  expect([shown.includes(SECRET), shown.includes('"clientSecret":"***"')]).toEqual([false, true]);
  expect(configFileSchema.safeParse({ oidc: settingsOf() }).error?.issues[0]?.path).toEqual(["http", "publicUrl"]);
  for (const publicUrl of ["http://bounces.example.com", "https://b.example/path", "https://u:p@b.example"])
    expect(configFileSchema.safeParse({ http: { publicUrl } }).success, publicUrl).toBe(false);
});

test("signing out: with what the provider names, and nowhere but HTTPS or this machine", async () => {
  const at = async (): Promise<string | null> =>
    openProvider(settingsOf(), REDIRECT).endSession("https://x.example/sign-in");
  expect(await at()).toBe(`${issuer}/end?post_logout_redirect_uri=https%3A%2F%2Fx.example%2Fsign-in&client_id=bounced`);
  answers["/.well-known/openid-configuration"] = (...p) =>
    json({ ...metadata(), end_session_endpoint: undefined })(...p);
  expect(await at()).toBeNull();
  answers["/.well-known/openid-configuration"] = (...p) =>
    json({ ...metadata(), end_session_endpoint: "http://evil.example/" })(...p);
  expect(await at()).toBeNull();
});

test("claims are anything: groups that are no list, huge, or names of the language; addresses that nobody verified", () => {
  const settings = settingsOf({
    roles: { g: "viewer", h: "operator", "a,b": "admin", constructor: "admin" },
    exportGroups: ["h"],
  });
  const of = (claims: object) => factsOf({ iss: issuer, sub: "s", ...claims }, settings);
  expect(of({ groups: ["g", "h"] })).toMatchObject({ role: "operator", mayExport: true });
  expect(of({ groups: "g" })).toMatchObject({ role: "viewer", mayExport: false });
  // One group of that name; two names are not two groups.
  expect(of({ groups: "a,b" })).toMatchObject({ role: "admin" });
  for (const groups of [
    undefined,
    null,
    7,
    {},
    { g: true },
    { 0: "g", length: 1 },
    [["g"]],
    [{ name: "g" }],
    ["G", "g ", "gh"],
    "g,h",
    ["__proto__"],
    [],
  ])
    expect(of({ groups }), JSON.stringify(groups)).toMatchObject({ role: null, mayExport: false });
  expect(of({ groups: [...Array.from({ length: 100_000 }, (_, n) => `group-${n}`), "h"] })).toMatchObject({
    role: "operator",
  });
  expect(
    factsOf({ iss: issuer, sub: "s" }, settingsOf({ groupsClaim: "constructor", roles: { g: "admin" } })),
  ).toMatchObject({ role: null });
  for (const verified of ["true", 1, undefined, false])
    expect(of({ email: "a@b.test", email_verified: verified })?.emailVerified).toBe(false);
  expect(of({ email: ["a@b.test"], name: {}, preferred_username: "ann" })).toMatchObject({ email: "", name: "ann" });
  for (const sub of ["", 7, null, ["s"], "x".repeat(256), "s\0", "s\ud800", "s\n"]) expect(of({ sub })).toBeNull();
  expect(factsOf({ iss: issuer, sub: "s" }, settingsOf({ roles: {}, defaultRole: "viewer" }))).toMatchObject({
    role: "viewer",
  });
});

test("settings: plain HTTP on this machine alone, one secret, a way for somebody to get in", () => {
  const problems = (more: object): string =>
    oidcSchema
      .safeParse({ issuer: "https://id.example.com", clientId: "b", roles: { g: "admin" }, ...more })
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)
      .join("; ") ?? "";
  expect(problems({})).toBe("");
  for (const bad of [
    "http://id.example.com",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "https://a:b@id.example.com",
    "https://id.example.com?x=1",
    "file:///etc/passwd",
    "id.example.com",
  ])
    expect(problems({ issuer: bad }), bad).toContain("issuer: expected");
  expect(problems({ issuer: "http://localhost:4000" })).toBe("");
  expect(problems({ clientSecret: "12345678", clientSecretFile: "f" })).toContain("expected one of");
  expect(problems({ roles: {} })).toContain("roles: expected a group");
  expect(problems({ defaultRole: "admin" })).toContain("defaultRole");
  expect(problems({ scopes: ["email"] })).toContain("openid");
  expect(problems({ sessionHours: 13 })).toContain("sessionHours");
  expect(isSafePlace(new URL("http://[::1]:80"))).toBe(true);
  expect(MAX_ANSWER).toBe(1_048_576);
});
