/**
 * API tokens: `bnc_<id>_<secret>`. The id finds the record, the secret carries 256 bits of randomness, so that one
 * SHA-256 is enough to store it; a password has no such strength and gets scrypt.
 */
import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { boundsSchema, type Bounds } from "./bounds.ts";
import { roleSchema, type AccessRole } from "../../store/people/person.ts";

export const tokenRecordSchema = z.object({
  id: z.string().regex(/^[a-z0-9]{8}$/),
  name: z.string().min(1).max(100),
  role: roleSchema,
  mayExport: z.boolean(),
  bounds: boundsSchema.nullable().default(null),
  /** Hex SHA-256 of the secret. */
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type TokenRecord = z.infer<typeof tokenRecordSchema>;

export const passwordRecordSchema = z.object({
  salt: z.string(),
  /** Hex scrypt, 64 octets. */
  hash: z.string().regex(/^[0-9a-f]{128}$/),
});
export type PasswordRecord = z.infer<typeof passwordRecordSchema>;

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const randomId = (): string => Array.from(randomBytes(8), (octet) => ALPHABET[octet % 32]).join("");
const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

export interface NewToken {
  readonly name: string;
  readonly role: AccessRole;
  readonly mayExport: boolean;
  readonly bounds?: Bounds | null;
  readonly expiresAt?: Date | null;
}

/** The token is shown once; the record is what is stored. */
export function createAccessToken(
  wanted: NewToken,
  now: Date,
): { readonly token: string; readonly record: TokenRecord } {
  const id = randomId();
  const secret = randomBytes(32).toString("base64url");
  return {
    token: `bnc_${id}_${secret}`,
    record: {
      id,
      name: wanted.name,
      role: wanted.role,
      mayExport: wanted.mayExport,
      bounds: wanted.bounds ?? null,
      secretSha256: sha256(secret).toString("hex"),
      createdAt: now.toISOString(),
      expiresAt: wanted.expiresAt?.toISOString() ?? null,
      revokedAt: null,
    },
  };
}

export const isActive = (record: TokenRecord, now: Date): boolean =>
  record.revokedAt === null && (record.expiresAt === null || Date.parse(record.expiresAt) > now.getTime());

/** Null for anything but a known, unrevoked, unexpired token. The same work is done whether or not the id is known. */
export function verifyToken(records: readonly TokenRecord[], presented: string, now: Date): TokenRecord | null {
  const match = /^bnc_([a-z0-9]{8})_([\w-]{43})$/.exec(presented);
  const record = match ? records.find((candidate) => candidate.id === match[1]) : undefined;
  const expected = Buffer.from(record?.secretSha256 ?? "0".repeat(64), "hex");
  const same = timingSafeEqual(sha256(match?.[2] ?? presented), expected);
  return record && same && isActive(record, now) ? record : null;
}

// 2^15 with r=8 needs 32 MiB and about 100 ms: a fair price for one sign-in, and far too dear for guessing.
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 ** 2 } as const;

const derive = (password: string, salt: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, 64, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });

export async function hashPassword(password: string): Promise<PasswordRecord> {
  const salt = randomBytes(16).toString("hex");
  return { salt, hash: (await derive(password, salt)).toString("hex") };
}

export async function verifyPassword(record: PasswordRecord | null, presented: string): Promise<boolean> {
  const key = await derive(presented, record?.salt ?? "none");
  return timingSafeEqual(key, Buffer.from(record?.hash ?? "0".repeat(128), "hex")) && record !== null;
}
