/**
 * A sign-in with the provider that was begun: in a cookie of the browser that began it, so that an answer is taken from
 * that browser alone. Encrypted, since it holds the PKCE verifier; `lax`, since the provider sends the browser back.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { remember } from "../../machine/bounded-map.ts";
import type { Flow } from "../../oidc/provider.ts";

export const FLOW_COOKIE = "bounced_sign_in";
export const FLOW_MS = 10 * 60 * 1000;

export interface KeptFlow extends Flow {
  /** Path to go on to. */
  readonly next: string;
  readonly startedAt: number;
}

const shape = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  startedAt: z.number(),
});

const CIPHER = "aes-256-gcm";
const IV = 12;
const TAG = 16;
const keyOf = (key: Buffer): Buffer => Buffer.from(hkdfSync("sha256", key, "", "oidc sign-in", 32));

export function sealFlow(flow: KeptFlow, key: Buffer): string {
  const iv = randomBytes(IV);
  const cipher = createCipheriv(CIPHER, keyOf(key), iv, { authTagLength: TAG });
  const sealed = Buffer.concat([cipher.update(JSON.stringify(flow), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** Null for what was not sealed with this key, or is older than ten minutes. */
export function openFlow(cookie: string, key: Buffer, now: number): KeptFlow | null {
  const bytes = Buffer.from(cookie, "base64url");
  if (bytes.length <= IV + TAG) return null;
  const decipher = createDecipheriv(CIPHER, keyOf(key), bytes.subarray(0, IV), { authTagLength: TAG });
  decipher.setAuthTag(bytes.subarray(IV, IV + TAG));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]).toString("utf8");
    const flow = shape.parse(JSON.parse(text));
    return now - flow.startedAt > FLOW_MS ? null : flow;
  } catch {
    return null;
  }
}

const MAX_USED = 10_000;

/** True once for each state: a copied cookie brings nobody in again. Codes are used once at the provider too. */
export function onceOnly(): (state: string) => boolean {
  const used = new Map<string, true>();
  return (state) => {
    if (used.has(state)) return false;
    remember(used, state, true, MAX_USED);
    return true;
  };
}
