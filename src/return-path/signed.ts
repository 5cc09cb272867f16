/**
 * Our own return path: `<prefix>+1<key><day><payload><mac>@<domain>`, at most 64 octets before the `@`, lower-case
 * letters and digits behind the `+`.
 *
 *   key      2   which secret signed, so that keys can be changed while old addresses live
 *   day      3   base 36, days since 1970
 *   payload  any tag, then `qr` and the recipient, or `qb` and a digest of a recipient that is too long (safe-text.ts)
 *   mac     16   80 bits of HMAC-SHA256 over everything before it and the domain
 */
import { dayOf, instantOfDay } from "./days.ts";
import { isSameText, macOf } from "./mac.ts";
import { MAX_LOCAL_OCTETS, splitAddress, type ReturnPathReading } from "./reading.ts";
import { decodeSafe, encodeSafe, indexOfToken } from "./safe-text.ts";
import type { ReturnPathSettings } from "./settings.ts";
import { asciiDomainOf } from "../addresses/domain.ts";
import { foldCase } from "../addresses/fold-case.ts";

const MAC_LENGTH = 16;
const DIGEST_LENGTH = 8;
/** Stands before the recipient in a payload. */
export const RECIPIENT = "qr";
const DIGEST = "qb";
const BODY = /^1([a-z2-7]{2})([0-9a-z]{3})([0-9a-z]{0,56})([a-z2-7]{16})$/;
/** A clock may be wrong by this much before an address is from the future. */
const CLOCK_SKEW_DAYS = 2;

export interface SignedPath {
  readonly domain: string;
  readonly recipient: string | null;
  readonly tag: string | null;
  readonly day: number;
}

const keyIds = new Map<string, string>();

/** Which of several secrets signed. */
export function keyIdOf(secret: string): string {
  let keyId = keyIds.get(secret);
  if (keyId === undefined) keyIds.set(secret, (keyId = macOf(secret, "key id", "", 2)));
  return keyId;
}

const signatureOf = (secret: string, unsigned: string, domain: string): string =>
  macOf(secret, "return path", `${unsigned}@${domain}`, MAC_LENGTH);

/** Both sides of a comparison: domain as A-labels, everything in lower case. */
export function foldAddress(address: string): string {
  const split = splitAddress(address);
  return split ? `${foldCase(split.local)}@${asciiDomainOf(address) ?? split.domain}` : foldCase(address);
}

const digestOf = (secret: string, recipient: string): string =>
  macOf(secret, "recipient", foldAddress(recipient), DIGEST_LENGTH);

/**
 * The recipient is carried where it fits and bound by a digest where it does not. Throws RangeError where not even
 * that leaves room for the tag, and without a secret.
 */
export function createSigned(
  path: SignedPath,
  { secrets, prefix }: Pick<ReturnPathSettings, "secrets" | "prefix">,
): string {
  const secret = signingKeyOf(secrets);
  const domain = path.domain.toLowerCase();
  const tag = path.tag === null ? "" : encodeSafe(path.tag);
  const start = `${prefix}+1${keyIdOf(secret)}${path.day.toString(36).padStart(3, "0")}${tag}`;
  const room = MAX_LOCAL_OCTETS - MAC_LENGTH - start.length;
  let owner = "";
  if (path.recipient !== null) {
    const carried = `${RECIPIENT}${encodeSafe(foldAddress(path.recipient))}`;
    owner = carried.length <= room ? carried : `${DIGEST}${digestOf(secret, path.recipient)}`;
  }
  if (owner.length > room)
    throw new RangeError(`tag is too long: ${owner.length - room} characters over, once encoded (${tag})`);
  const unsigned = start + owner;
  return `${unsigned}${signatureOf(secret, unsigned, domain)}@${domain}`;
}

/** The first signs. Throws RangeError where there is none. */
export function signingKeyOf([secret]: readonly string[]): string {
  if (secret === undefined)
    throw new RangeError(
      "no key to sign with: start bounced once, which makes one in its data directory, or set BOUNCED_SECRET",
    );
  return secret;
}

/** Null where the address has not the shape of a signed one. `receivedAt` null: age is not checked. */
export function readSigned(
  address: string,
  { secrets, prefix, maxAgeDays }: ReturnPathSettings,
  receivedAt: Date | string | null,
): ReturnPathReading | null {
  const split = splitAddress(address);
  const local = split?.local.toLowerCase();
  if (!split || !local || local.length > MAX_LOCAL_OCTETS || !local.startsWith(`${prefix}+`)) return null;
  const parts = BODY.exec(local.slice(prefix.length + 1));
  if (!parts) return null;
  const [, keyId, stamp, payload, mac] = parts as unknown as [string, string, string, string, string];
  const unsigned = local.slice(0, -MAC_LENGTH);
  const plain = { address, scheme: "signed", ...NOTHING_SAID } as const;
  if (secrets.length === 0) return { ...plain, check: "unchecked" };
  const isSignedWith = (key: string): boolean => isSameText(signatureOf(key, unsigned, split.domain), mac);
  return { ...plain, ...verify({ keyId, stamp, payload, isSignedWith, secrets, maxAgeDays }, receivedAt) };
}

/** What a reading says before its signature is checked. */
export const NOTHING_SAID = { recipient: null, tag: null, issuedAt: null, bindsRecipient: null } as const;

export interface Signed {
  readonly keyId: string;
  /** Day of signing, base 36. */
  readonly stamp: string;
  readonly payload: string;
  readonly isSignedWith: (secret: string) => boolean;
  /** At least one. */
  readonly secrets: readonly string[];
  readonly maxAgeDays: number;
}

/** Of a signed return path or a token: the check, and where it is `valid` or `expired` what the payload says. */
export function verify(
  { keyId, stamp, payload, isSignedWith, secrets, maxAgeDays }: Signed,
  receivedAt: Date | string | null,
): Pick<ReturnPathReading, "check"> & Partial<ReturnPathReading> {
  const candidates = secrets.filter((secret) => keyIdOf(secret) === keyId);
  // The same work whatever is wrong: how long an answer takes must not tell a stranger how close he came.
  const tried = candidates.length === 0 ? secrets.slice(0, 1) : candidates;
  const secret = tried.find(isSignedWith);
  const content = readPayload(payload, secret ?? tried[0] ?? "");
  if (candidates.length === 0) return { check: "unknown-key" };
  if (secret === undefined) return { check: "bad" };
  const day = Number.parseInt(stamp, 36);
  const today = dayOf(receivedAt);
  if (!content || (today !== null && day > today + CLOCK_SKEW_DAYS)) return { check: "bad" };
  const isOld = today !== null && today - day > maxAgeDays;
  return { ...content, issuedAt: instantOfDay(day), check: isOld ? "expired" : "valid" };
}

/**
 * The tag of an address that has the shape of a signed one, without a key: nothing is verified. Only for mail of our own
 * whose envelope sender is read where we sent it. `""` where there is none.
 */
export function tagInSigned(address: string, prefix: string): string {
  const local = splitAddress(address)?.local.toLowerCase();
  if (!local || local.length > MAX_LOCAL_OCTETS || !local.startsWith(`${prefix}+`)) return "";
  const payload = BODY.exec(local.slice(prefix.length + 1))?.[3];
  return payload === undefined ? "" : (readPayload(payload, "")?.tag ?? "");
}

/** What a signed payload says: tag, and recipient or a digest of one. Null where it is no text of ours. */
function readPayload(
  payload: string,
  secret: string,
): Pick<ReturnPathReading, "recipient" | "tag" | "bindsRecipient"> | null {
  const at = indexOfToken(payload, [RECIPIENT, DIGEST]);
  const tag = decodeSafe(at < 0 ? payload : payload.slice(0, at));
  if (tag === null) return null;
  const rest = at < 0 ? "" : payload.slice(at + 2);
  if (at < 0) return { tag: tag || null, recipient: null, bindsRecipient: null };
  if (payload.startsWith(DIGEST, at))
    return { tag: tag || null, recipient: null, bindsRecipient: (to) => isSameText(digestOf(secret, to), rest) };
  const recipient = decodeSafe(rest);
  if (recipient === null) return null;
  return { tag: tag || null, recipient, bindsRecipient: (to) => foldAddress(to) === recipient };
}
