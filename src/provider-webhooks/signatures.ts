/** Signatures of the providers that sign the request itself. What is compared takes the same time for every guess. */
import { createHmac, hash, timingSafeEqual, verify } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { remember } from "../machine/bounded-map.ts";
import { objectIn, text } from "./provider-event.ts";
import { readPublicKey, type ProviderEndpoint } from "./settings.ts";

export interface WebhookPost {
  /** As it came. */
  readonly body: Buffer;
  readonly header: (name: string) => string | null;
}

/** The same time for every pair of texts. */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));

export const hasBasicAuth = ({ header }: WebhookPost, userAndPassword: string): boolean => {
  const given = /^basic\s+(\S+)$/i.exec(header("authorization") ?? "")?.[1];
  return isSameSecret(Buffer.from(given ?? "", "base64").toString("utf8"), userAndPassword);
};

/** Mailgun tries for eight hours. What it signs is a time and a token, not the body. */
const MAILGUN_WINDOW_SECONDS = 12 * 3600;
const MAX_TOKENS = 10_000;

export type CheckSignature = (endpoint: ProviderEndpoint, post: WebhookPost, parsed: unknown, now: number) => boolean;

/** True where the provider has no signature of its own, or no key of it is configured. */
export function createSignatureCheck(): CheckSignature {
  /** Token -> digest of the body that it came with: a second body with the same token is not Mailgun's. */
  const tokens = new Map<string, string>();
  return (endpoint, post, parsed, now) => {
    switch (endpoint.source) {
      case "sendgrid":
        return endpoint.publicKey === undefined || isSendgrid(endpoint.publicKey, post);
      case "resend":
        return endpoint.signingSecret === undefined || isSvix(endpoint.signingSecret, post);
      case "mailgun":
        return endpoint.signingKey === undefined || isMailgun(endpoint.signingKey, parsed, post.body, now, tokens);
      case "custom":
        return endpoint.hmac === undefined || isHmac(endpoint.hmac, post);
      default:
        return true;
    }
  };
}

function isSendgrid(publicKey: string, { body, header }: WebhookPost): boolean {
  const key = readPublicKey(publicKey);
  const signature = Buffer.from(header("x-twilio-email-event-webhook-signature") ?? "", "base64");
  const signed = Buffer.concat([Buffer.from(header("x-twilio-email-event-webhook-timestamp") ?? ""), body]);
  return key !== null && verify("sha256", signed, key, signature);
}

/** Standard Webhooks under the names that Svix gave its fields. Within five minutes. */
function isSvix(secret: string, { body, header }: WebhookPost): boolean {
  const fields = ["id", "timestamp", "signature"].map((field) => [
    `webhook-${field}`,
    header(`svix-${field}`) ?? header(`webhook-${field}`) ?? "",
  ]);
  try {
    new Webhook(secret).verify(body.toString("utf8"), Object.fromEntries(fields) as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

function isMailgun(key: string, parsed: unknown, body: Buffer, now: number, tokens: Map<string, string>): boolean {
  const { timestamp, token, signature } = objectIn(objectIn(parsed)["signature"]);
  const [at, once] = [text(timestamp) ?? "", text(token) ?? ""];
  const expected = createHmac("sha256", key).update(`${at}${once}`).digest("hex");
  if (!isSameSecret(text(signature) ?? "", expected)) return false;
  if (!(Math.abs(now / 1000 - Number(at)) <= MAILGUN_WINDOW_SECONDS)) return false;
  const digest = hash("sha256", body, "base64");
  const before = tokens.get(once);
  if (before !== undefined) return before === digest;
  remember(tokens, once, digest, MAX_TOKENS);
  return true;
}

function isHmac({ header: name, key }: { readonly header: string; readonly key: string }, post: WebhookPost): boolean {
  const given = (post.header(name.toLowerCase()) ?? "").trim().replace(/^sha256=/i, "");
  const made = createHmac("sha256", key).update(post.body).digest();
  return ["hex", "base64", "base64url"].some((encoding) => isSameSecret(given, made.toString(encoding as "hex")));
}
