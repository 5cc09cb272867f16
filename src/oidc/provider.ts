/**
 * OpenID Connect Core, 3.1: the authorization code flow with PKCE, state and nonce, by openid-client. The signature of
 * the ID token is verified although the token came over TLS: a provider behind a proxy or on loopback has none.
 */
import { readFileSync } from "node:fs";
import type { ClientAuth, Configuration } from "openid-client";
import { messageOf } from "../machine/error-message.ts";
import { boundedFetch, ProviderDown, TIMEOUT_SECONDS } from "./bounded-fetch.ts";
import type { Claims } from "./claims.ts";
import { isSameIssuer, isSafePlace, type OidcSettings } from "./settings.ts";

/** What one sign-in must be answered with; kept by the browser that began it, sealed. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** `message` is for the audit log and the service log: our words, with no value of a claim and no secret. */
export class SignInError extends Error {
  override name = "SignInError";
  /** `declined`: the provider says so, mostly because the person does. */
  readonly kind: "down" | "declined" | "invalid";

  constructor(kind: SignInError["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

export interface IdentityProvider {
  /** The address to send the browser to. `again`: ask for the password, or another account, even where one is signed in. */
  begin(again: boolean): Promise<{ readonly url: string; readonly flow: Flow }>;
  /** `query`: what the provider sent the browser back with. Rejects with SignInError alone. */
  finish(query: string, flow: Flow): Promise<Claims>;
  /** Where a browser signs out of the provider; null where it names no such place. */
  endSession(returnTo: string): Promise<string | null>;
  /** Discovery, now: for doctor. Rejects with SignInError. */
  discover(): Promise<Configuration>;
}

const KEPT_MS = 60 * 60 * 1000;
/** Clocks of provider and machine may differ by so much. */
const SKEW_SECONDS = 30;

export function openProvider(settings: OidcSettings, redirectUri: string): IdentityProvider {
  let kept: { readonly at: number; readonly configuration: Promise<Configuration> } | null = null;
  /** Once an hour; callers at the same time wait for the same answer, and a failure is not kept. */
  const current = (): Promise<Configuration> => {
    if (kept && Date.now() - kept.at < KEPT_MS) return kept.configuration;
    const configuration = discover(settings);
    const mine = { at: Date.now(), configuration };
    kept = mine;
    configuration.catch(() => {
      if (kept === mine) kept = null;
    });
    return configuration;
  };
  return {
    discover: () => discover(settings),
    async begin(again) {
      const client = await import("openid-client");
      const configuration = await current();
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(" "),
        response_type: "code",
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...(again ? { prompt: "login" } : {}),
      });
      return { url: url.href, flow: { state, nonce, verifier } };
    },
    async finish(query, { state, nonce, verifier }) {
      const client = await import("openid-client");
      const configuration = await current();
      try {
        const tokens = await client.authorizationCodeGrant(configuration, new URL(`${redirectUri}?${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims: Claims = { ...tokens.claims() };
        if (Object.hasOwn(claims, settings.groupsClaim) && Object.hasOwn(claims, "email")) return claims;
        const { userinfo_endpoint: userinfo } = configuration.serverMetadata();
        if (userinfo === undefined) return claims;
        // It compares the subject. What the signed ID token says counts more.
        const more: Claims = await client.fetchUserInfo(configuration, tokens.access_token, String(claims["sub"]));
        return together(more, claims);
      } catch (cause) {
        throw errorOf(cause, client.AuthorizationResponseError, client.ResponseBodyError);
      }
    },
    async endSession(returnTo) {
      const client = await import("openid-client");
      const configuration = await current();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
      const url = client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo });
      return isSafePlace(url) ? url.href : null;
    },
  };
}

/** An address and whether it is verified belong together: one place must not vouch for what another says. */
function together(more: Claims, claims: Claims): Claims {
  const both = { ...more, ...claims };
  const hasEmail = Object.hasOwn(claims, "email");
  const source = !hasEmail ? more : claims["email"] === more["email"] ? both : claims;
  return { ...both, email: source["email"], email_verified: source["email_verified"] };
}

async function discover(settings: OidcSettings): Promise<Configuration> {
  const client = await import("openid-client");
  const { issuer, clientId } = settings;
  const authenticate: ClientAuth = (server, metadata, body, headers) => {
    const secret = clientSecret(settings);
    // RFC 8414: where the provider does not say, it is client_secret_basic.
    const isBasic = server.token_endpoint_auth_methods_supported?.includes("client_secret_basic") ?? true;
    const method =
      secret === null ? client.None() : isBasic ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
    method(server, metadata, body, headers);
  };
  try {
    const configuration = await client.discovery(
      new URL(issuer),
      clientId,
      { [client.clockTolerance]: SKEW_SECONDS },
      authenticate,
      {
        [client.customFetch]: boundedFetch,
        timeout: TIMEOUT_SECONDS,
        execute: [
          client.enableNonRepudiationChecks,
          // Of an issuer on this machine; boundedFetch refuses plain HTTP to any other place.
          ...(issuer.startsWith("http:") ? [client.allowInsecureRequests] : []),
        ],
      },
    );
    const server = configuration.serverMetadata();
    // Issuers such as Microsoft's `common` stand for everybody's organisation, and any of them could name a group of ours.
    if (!isSameIssuer(server.issuer, issuer))
      throw new SignInError(
        "invalid",
        `the provider calls itself ${server.issuer.slice(0, 200)}: write that as oidc.issuer`,
      );
    for (const place of [server.authorization_endpoint, server.token_endpoint, server.jwks_uri]) {
      const url = URL.parse(place ?? "");
      if (!url || !isSafePlace(url))
        throw new SignInError("invalid", "the provider names no https:// address for sign-in, tokens or keys");
    }
    return configuration;
  } catch (cause) {
    throw errorOf(cause, client.AuthorizationResponseError, client.ResponseBodyError);
  }
}

/** Of the settings, or of the file as it is now. */
export function clientSecret({ clientSecret: given, clientSecretFile }: OidcSettings): string | null {
  if (clientSecretFile === undefined) return given ?? null;
  let text: string;
  try {
    text = readFileSync(clientSecretFile, "utf8").trim();
  } catch (cause) {
    throw new SignInError("down", `oidc.clientSecretFile: ${messageOf(cause)}`, cause);
  }
  if (text === "") throw new SignInError("down", `oidc.clientSecretFile: ${clientSecretFile} is empty`);
  return text;
}

type ErrorClass = abstract new (...parameters: never[]) => Error & { readonly error: string };

function errorOf(thrown: unknown, Declined: ErrorClass, Refused: ErrorClass): SignInError {
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SignInError) return cause;
    if (cause instanceof ProviderDown) return new SignInError("down", cause.message, thrown);
    if (cause.name === "TimeoutError" || cause.name === "AbortError")
      return new SignInError("down", `the provider did not answer within ${TIMEOUT_SECONDS} seconds`, thrown);
  }
  const status = thrown instanceof Error && thrown.cause instanceof Response ? thrown.cause.status : null;
  if (status !== null)
    return new SignInError(status < 500 ? "invalid" : "down", `the provider answered with status ${status}`, thrown);
  if (thrown instanceof Declined)
    return new SignInError("declined", `the provider answered ${word(thrown.error)}`, thrown);
  if (thrown instanceof Refused)
    return new SignInError("invalid", `the provider refused the code: ${word(thrown.error)}`, thrown);
  return new SignInError("invalid", `the answer of the provider is not valid: ${checkOf(thrown)}`, thrown);
}

/** An error code of OAuth, or nothing: a stranger may have written it into the address. */
const word = (text: unknown): string =>
  typeof text === "string" && /^[a-z_]{1,40}$/.test(text) ? text : "an error of its own";

/** The library's own sentence names the check that failed. What could not be parsed is not repeated: it may be a token. */
function checkOf(thrown: unknown): string {
  const { cause } = thrown as { readonly cause?: unknown };
  const isCheck = cause instanceof Error && cause.name === "OperationProcessingError" && !/pars/i.test(cause.message);
  return (isCheck ? cause.message : messageOf(thrown)).slice(0, 200);
}
