/** A key record, RFC 6376 section 3.6.1 and RFC 8463, or a bare key in PEM or base64: what verifies signatures. */
import { readTags } from "./signature.ts";

export interface DkimKey {
  readonly verify: (signature: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) => Promise<boolean>;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  /** `t=s`: the domain of `i=` must be that of `d=`. */
  readonly isStrict: boolean;
}

/** RFC 8301 section 3.2: shorter ones can be broken. */
const MIN_RSA_BITS = 1024;
const MAX_RSA_BITS = 8192;

/** Null for what is no usable key: revoked, too short, for another purpose. */
export async function readKey(record: string): Promise<DkimKey | null> {
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
      ? await readEd25519(octets, isStrict)
      : await readRsa(octets, isStrict);
  } catch {
    return null;
  }
}

async function readRsa(octets: Uint8Array<ArrayBuffer>, isStrict: boolean): Promise<DkimKey | null> {
  const name = "RSASSA-PKCS1-v1_5";
  const key = await crypto.subtle.importKey("spki", octets, { name, hash: "SHA-256" }, true, ["verify"]);
  const { n = "" } = await crypto.subtle.exportKey("jwk", key);
  const bits = Math.floor((n.length * 6) / 8) * 8;
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) return null;
  return {
    algorithm: "rsa-sha256",
    isStrict,
    verify: (signature, data) => crypto.subtle.verify(name, key, signature, data),
  };
}

/** The signature is of the hash, RFC 8463 section 3. */
async function readEd25519(octets: Uint8Array<ArrayBuffer>, isStrict: boolean): Promise<DkimKey> {
  const key = await crypto.subtle.importKey("raw", octets, "Ed25519", false, ["verify"]);
  return {
    algorithm: "ed25519-sha256",
    isStrict,
    verify: async (signature, data) =>
      crypto.subtle.verify("Ed25519", key, signature, await crypto.subtle.digest("SHA-256", data)),
  };
}

/** Of base64; null where it is none. */
export function readBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]{0,4000}={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
