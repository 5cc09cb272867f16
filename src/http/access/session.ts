/**
 * The console's session: a signed cookie, so that a restart signs nobody out. The signature covers the credential that
 * it came from: changing the password, revoking the token or the person ends the session. Signing out ends it in signed-out.ts.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export const SESSION_COOKIE = "bounced_session";
export const IDLE_MS = 60 * 60 * 1000;
export const ABSOLUTE_MS = 12 * 60 * 60 * 1000;
/** A cookie younger than this is not written again. */
export const REFRESH_MS = 60 * 1000;

export interface Session {
  /** Token id, id of a person, `admin` for the password, `link` for a sign-in link. */
  readonly subject: string;
  readonly nonce: string;
  readonly startedAt: number;
  readonly seenAt: number;
}

export const newSession = (subject: string, now: number): Session => ({
  subject,
  nonce: randomBytes(12).toString("hex"),
  startedAt: now,
  seenAt: now,
});

/** `binding`: what identifies the credential as it is now; another one later makes the cookie void. */
export function sealSession(session: Session, key: Buffer, binding: string): string {
  const payload = payloadOf(session);
  return `${payload}.${sign(`session:${payload}:${binding}`, key)}`;
}

const COOKIE = /^([a-z0-9]{1,16})\.([0-9a-f]{24})\.(\d{1,15})\.(\d{1,15})\.([\w-]{43})$/;

/** Whose session the cookie says it is. */
export const subjectIn = (cookie: string): string | null => COOKIE.exec(cookie)?.[1] ?? null;

/** Null for a forged, idle or old cookie. `binding` is null for a subject that may not sign in any more. */
export function openSession(
  cookie: string,
  key: Buffer,
  now: number,
  { binding, longestMs }: { readonly binding: string | null; readonly longestMs: number },
): Session | null {
  const match = COOKIE.exec(cookie);
  if (!match) return null;
  const [, subject = "", nonce = "", startedAt, seenAt, mac = ""] = match;
  const session = { subject, nonce, startedAt: Number(startedAt), seenAt: Number(seenAt) };
  if (binding === null || !equal(mac, sign(`session:${payloadOf(session)}:${binding}`, key))) return null;
  if (now - session.seenAt > IDLE_MS || now - session.startedAt > longestMs) return null;
  return session;
}

/** Sent in a form field `_csrf` or the header `x-csrf-token` with everything that changes something. */
export const csrfToken = (session: Session, key: Buffer): string => sign(`csrf:${session.nonce}`, key);

export const isCsrfToken = (presented: string, session: Session, key: Buffer): boolean =>
  equal(presented, csrfToken(session, key));

const payloadOf = ({ subject, nonce, startedAt, seenAt }: Session): string =>
  [subject, nonce, startedAt, seenAt].join(".");

const sign = (text: string, key: Buffer): string => createHmac("sha256", key).update(text).digest("base64url");

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
