/** A key record, RFC 6376 section 3.6.1 and RFC 8463, or a bare key in PEM or base64: what verifies signatures. */
import { readEd25519Key, readRsaKey, type VerifyingKey } from "../../../machine/verifying-key.ts";
import { readTags } from "../../../machine/tag-list.ts";

export interface DkimKey {
  readonly key: VerifyingKey;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  /** `t=s`: the domain of `i=` must be that of `d=`. */
  readonly isStrict: boolean;
}

/** RFC 8301 section 3.2: shorter ones can be broken. */
const MIN_RSA_BITS = 1024;
const MAX_RSA_BITS = 8192;

/** Null for what is no usable key: revoked, too short, for another purpose. */
export function readKey(record: string): DkimKey | null {
  const isBare = !/(?:^|;)\s*p\s*=/.test(record);
  const tags = isBare ? new Map([["p", record.replace(/-----[A-Z ]{1,40}-----/g, "")]]) : readTags(record);
  if (!tags) return null;
  const listed = (name: string): readonly string[] => (tags.get(name) ?? "").split(":").map((word) => word.trim());
  if (tags.has("v") && tags.get("v") !== "DKIM1") return null;
  if (tags.has("h") && !listed("h").includes("sha256")) return null;
  if (tags.has("s") && !listed("s").some((service) => service === "*" || service === "email")) return null;
  const octets = readBase64((tags.get("p") ?? "").replace(/\s/g, ""));
  if (!octets || octets.length === 0) return null;
  const isStrict = listed("t").includes("s");
  try {
    return (tags.get("k") ?? (octets.length === 32 ? "ed25519" : "rsa")) === "ed25519"
      ? { key: readEd25519Key(octets), algorithm: "ed25519-sha256", isStrict }
      : ofSafeLength({ key: readRsaKey(octets), algorithm: "rsa-sha256", isStrict });
  } catch {
    return null;
  }
}

function ofSafeLength(key: DkimKey): DkimKey | null {
  const bits = Math.ceil(key.key.bits / 8) * 8;
  return bits < MIN_RSA_BITS || bits > MAX_RSA_BITS ? null : key;
}

/** Of base64; null where it is none. */
export function readBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]{0,4000}={0,2}$/.test(text)) return null;
  const digits = text.replace(/=+$/, "");
  const isWhole = digits.length % 4 !== 1 && (digits.length === text.length || text.length % 4 === 0);
  return isWhole ? Buffer.from(digits, "base64") : null;
}
