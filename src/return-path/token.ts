/**
 * A token: what our own mail may carry in any field, so that a report which shows it says whom the mail went to, even
 * where everything else is blacked out. `bt1<key><day><payload><mac>`, lower-case letters and digits, survives case
 * folding; key, day and payload are those of a signed return path (../return-path/signed.ts), and the recipient is
 * always carried. The MAC is 120 bits of HMAC-SHA256 over all before it: there is no `@domain`, and more room.
 */
import { dayOf } from "./days.ts";
import { isSameText, macOf } from "./mac.ts";
import { splitAddress, type ReturnPathReading } from "./reading.ts";
import { encodeSafe } from "./safe-text.ts";
import type { ReturnPathSettings } from "./settings.ts";
import { foldAddress, keyIdOf, NOTHING_SAID, RECIPIENT, signingKeyOf, verify } from "./signed.ts";

const VERSION = "bt1";
const MAC_LENGTH = 24;
/** A header line has at most 998 octets, and a token should stand in one beside other text. */
const MAX_LENGTH = 500;
const TOKEN = /^bt1([a-z2-7]{2})([0-9a-z]{3})([0-9a-z]{4,480})([a-z2-7]{24})$/;

export interface TokenRequest {
  /** Whom the mail goes to. */
  readonly recipient: string;
  /** Your own id of the mail, the campaign or the stream; comes back as `returnPath.tag`. */
  readonly tag?: string | undefined;
}

/** Throws RangeError where none can be made: no key, no address, too long. */
export function createToken(
  { recipient, tag }: TokenRequest,
  { secrets }: Pick<ReturnPathSettings, "secrets">,
  now: Date | string,
): string {
  const secret = signingKeyOf(secrets);
  const day = dayOf(now);
  if (day === null) throw new RangeError(`not a date: ${String(now)}`);
  if (!splitAddress(recipient)) throw new RangeError(`not an address: ${recipient}`);
  const payload = `${encodeSafe(tag ?? "")}${RECIPIENT}${encodeSafe(foldAddress(recipient))}`;
  const unsigned = `${VERSION}${keyIdOf(secret)}${day.toString(36).padStart(3, "0")}${payload}`;
  const over = unsigned.length + MAC_LENGTH - MAX_LENGTH;
  if (over > 0) throw new RangeError(`recipient and tag are too long for a token: ${over} characters over`);
  return unsigned + signatureOf(secret, unsigned);
}

const signatureOf = (secret: string, unsigned: string): string => macOf(secret, "token", unsigned, MAC_LENGTH);

/** Null where the text has not the shape of a token. `receivedAt` null: age is not checked. */
export function readToken(
  text: string,
  { secrets, tokenMaxAgeDays }: ReturnPathSettings,
  receivedAt: Date | string | null,
): ReturnPathReading | null {
  if (text.length > MAX_LENGTH) return null;
  const token = text.toLowerCase();
  const parts = TOKEN.exec(token);
  if (!parts) return null;
  const [, keyId, stamp, payload, mac] = parts as unknown as [string, string, string, string, string];
  const plain = { address: token, scheme: "token", ...NOTHING_SAID } as const;
  if (secrets.length === 0) return { ...plain, check: "unchecked" };
  const unsigned = token.slice(0, -MAC_LENGTH);
  const isSignedWith = (key: string): boolean => isSameText(signatureOf(key, unsigned), mac);
  const found = verify({ keyId, stamp, payload, isSignedWith, secrets, maxAgeDays: tokenMaxAgeDays }, receivedAt);
  const isSigned = found.check === "valid" || found.check === "expired";
  return isSigned && !found.recipient ? { ...plain, check: "bad" } : { ...plain, ...found };
}
