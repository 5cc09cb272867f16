/**
 * Public keys that verify signatures, at once: with a key of 2,048 bits that takes 30 µs, and a trip to another thread,
 * as Web Crypto makes one, takes longer. Same octets in, same answer out.
 */
import { createPublicKey, hash, verify, type KeyObject } from "node:crypto";

export interface VerifyingKey {
  readonly kind: "rsa" | "ed25519";
  readonly bits: number;
  /** RSA: of the data, PKCS #1 with SHA-256. Ed25519: of their SHA-256, RFC 8463 section 3. Never throws. */
  readonly verifies: (signature: Uint8Array, data: Uint8Array) => boolean;
}

/** SubjectPublicKeyInfo, DER. Throws on what is none of RSA. */
export function readRsaKey(octets: Uint8Array): VerifyingKey {
  const key = createPublicKey({ key: Buffer.from(octets), format: "der", type: "spki" });
  if (key.asymmetricKeyType !== "rsa") throw new TypeError("no key of RSA");
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return { kind: "rsa", bits, verifies: (signature, data) => verifies("sha256", key, signature, data) };
}

/** The 32 octets themselves. Throws on others. */
export function readEd25519Key(octets: Uint8Array): VerifyingKey {
  const x = Buffer.from(octets).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return {
    kind: "ed25519",
    bits: 256,
    verifies: (signature, data) => verifies(null, key, signature, hash("sha256", data, "buffer")),
  };
}

function verifies(algorithm: "sha256" | null, key: KeyObject, signature: Uint8Array, data: Uint8Array): boolean {
  try {
    return verify(algorithm, data, key, signature);
  } catch {
    return false;
  }
}
