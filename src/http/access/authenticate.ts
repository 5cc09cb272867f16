/** One hook for every route: who is asking, may they, and is it really them and not a page in their browser. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Problem } from "../problems.ts";
import { boundsWords } from "./bounds.ts";
import { allows, type Access, type Principal } from "./principal.ts";
import { credentialOf, principalOf, type Credential, type CredentialDeps } from "./credentials.ts";
import { isCsrfToken, openSession, SESSION_COOKIE, subjectIn, type Session } from "./session.ts";
import { verifyToken } from "./tokens.ts";
import type { Lockout } from "./lockout.ts";
import { REFUSED, type RecordSignIn } from "./record-acts.ts";
import type { SignedOut } from "./signed-out.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    /** The route keeps a token that is bound to tags or domains within its bounds. Without it such a token is refused. */
    bounded?: boolean;
    /** A page of the console: without a session it leads to the sign-in page. */
    page?: boolean;
    /** Its client sends no CSRF token: the check of the origin must do. */
    csrfByOrigin?: boolean;
    /** Acts on what the address itself proves, whatever page or program sends it: RFC 8058. */
    anyOrigin?: boolean;
    /** The route looks at secret, Authorization and signature itself: they are another system's, and no token of ours. */
    ownCredential?: boolean;
  }
  interface FastifyRequest {
    principal: Principal | null;
    session: Session | null;
  }
}

export interface AuthenticationDeps extends CredentialDeps {
  readonly sessionKey: Buffer;
  readonly lockout: Lockout;
  readonly signedOut: SignedOut;
  readonly recordSignIn: RecordSignIn;
  /** BOUNCED_HTTP_OPEN: a caller on this machine needs no credential. */
  readonly isOpen: boolean;
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Registers `request.principal` and refuses what the route's `config.access` does not allow. */
export function registerAuthentication(app: FastifyInstance, deps: AuthenticationDeps): void {
  app.decorateRequest("principal", null);
  app.decorateRequest("session", null);
  app.addHook("onRequest", async (request) => {
    const { access, anyOrigin, ownCredential, bounded } = request.routeOptions.config;
    if (request.is404 || ownCredential) return;
    await identify(request, deps);
    if (!anyOrigin && !SAFE_METHODS.has(request.method)) refuseCrossSite(request);
    if (access === "public") return;
    if (!request.principal)
      throw new Problem("unauthorized", "Send `Authorization: Bearer <token>`; make one with `bounced token create`.");
    if (!allows(request.principal, access))
      throw new Problem("forbidden", `This needs ${access ?? "admin"}; the token has ${describe(request.principal)}.`);
    if (request.principal.bounds && !bounded)
      throw new Problem(
        "forbidden",
        `This is not for a token that is bound to ${boundsWords(request.principal.bounds)}.`,
      );
  });
  // Before validation, which drops what the schema does not name.
  app.addHook("preValidation", async (request) => {
    const { csrfByOrigin, anyOrigin } = request.routeOptions.config;
    if (request.session && !SAFE_METHODS.has(request.method) && !csrfByOrigin && !anyOrigin)
      requireCsrf(request, deps.sessionKey);
  });
}

async function identify(request: FastifyRequest, deps: AuthenticationDeps): Promise<void> {
  const presented = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (request.headers.authorization !== undefined) {
    // A token has 256 bits: a right one is let in whatever others at its address have tried.
    const record = presented ? verifyToken(deps.tokens.current().tokens, presented, new Date(deps.now())) : null;
    if (!record) throw await refuseToken(request, deps);
    request.principal = principalOf(record, "token");
    return;
  }
  if (await takeSession(request, deps)) return;
  if (deps.isOpen && isLocal(request))
    request.principal = {
      id: "local",
      name: "this machine",
      role: "admin",
      mayExport: true,
      bounds: null,
      via: "local",
    };
}

async function takeSession(request: FastifyRequest, deps: AuthenticationDeps): Promise<boolean> {
  const cookie = request.cookies[SESSION_COOKIE];
  const subject = cookie === undefined ? null : subjectIn(cookie);
  if (cookie === undefined || subject === null) return false;
  let credential: Credential | null;
  try {
    credential = await credentialOf(subject, deps);
  } catch (cause) {
    // What is open to everyone works without the database, the sign-in with a token above all.
    if (request.routeOptions.config.access === "public") return false;
    throw new Problem("unavailable", "The list of people cannot be read. Try again, or sign in with a token.", {
      cause,
    });
  }
  const session = credential && openSession(cookie, deps.sessionKey, deps.now(), credential);
  if (!credential || !session || deps.signedOut.has(session)) return false;
  request.session = session;
  request.principal = credential.principal;
  return true;
}

async function refuseToken(request: FastifyRequest, { lockout, recordSignIn }: AuthenticationDeps): Promise<Problem> {
  const wait = lockout.waitSeconds(request.ip);
  if (wait > 0)
    return new Problem("tooManyRequests", "Too many failed sign-ins from this address.", { retryAfterSeconds: wait });
  lockout.fail(request.ip);
  await recordSignIn(request, { action: "sign-in-refused", principal: null, detail: REFUSED.token });
  return new Problem("unauthorized", "The token is not known, or it was revoked or has expired.");
}

/**
 * A caller on this machine, and not one that a reverse proxy on this machine speaks for. The Host header is checked
 * because a page from elsewhere can point its own name at 127.0.0.1 (DNS rebinding).
 */
export function isLocal(request: FastifyRequest): boolean {
  const address = request.socket.remoteAddress ?? "";
  if (!/^(127\.|::1$|::ffff:127\.)/.test(address)) return false;
  for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "via", "x-forwarded-host"])
    if (request.headers[header] !== undefined) return false;
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(request.headers.host ?? "");
}

/** Browsers say where a request comes from; other clients send neither header. Tokens never travel by themselves. */
function refuseCrossSite(request: FastifyRequest): void {
  if (request.principal?.via !== "token" && isForeign(request))
    throw new Problem("forbidden", "The request came from a page of another site.");
}

export function isForeign(request: FastifyRequest): boolean {
  const site = request.headers["sec-fetch-site"];
  const { origin } = request.headers;
  // Origin is asked only where Sec-Fetch-Site is missing: a reverse proxy may have rewritten the Host it is compared to.
  return site === undefined
    ? origin !== undefined && !sameHost(origin, request.host)
    : site !== "same-origin" && site !== "none";
}

const sameHost = (origin: string, host: string): boolean => URL.parse(origin)?.host === host.toLowerCase();

function requireCsrf(request: FastifyRequest, key: Buffer): void {
  const header = request.headers["x-csrf-token"];
  const { body } = request;
  const field = typeof body === "object" && body !== null && "_csrf" in body ? body._csrf : undefined;
  const presented = header ?? field;
  if (!request.session || typeof presented !== "string" || !isCsrfToken(presented, request.session, key))
    throw new Problem("forbidden", "The form is too old. Load the page again.");
}

const describe = (principal: Principal): string => `${principal.role}${principal.mayExport ? " and export" : ""}`;
