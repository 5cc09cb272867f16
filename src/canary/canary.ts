/**
 * The canary: a bounce that the service sends to itself, over SMTP, through intake, classification and the commit of the
 * log, to see that the way is open. It reaches no queue of a user, no log, no statistics. Its address carries a token
 * that is signed with a key which only the service's processes know, so that nobody else can send one, and so that one
 * which waited for hours is still known for what it is.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { RedisClient } from "../redis/client.ts";
import { z } from "zod";
import type { BouncedEvent } from "../event/event.ts";

/** The `canary` section of bounced.yaml. */
export const canarySchema = z.strictObject({
  /** 0: none. */
  everySeconds: z.number().min(0).max(3600).default(30),
  /** One that has not reached the log by then is late: `/readyz` says so. */
  lateSeconds: z.number().min(1).max(3600).default(60),
});
export type CanarySettings = z.infer<typeof canarySchema>;

/** How far it came. `misread`: classification called it something else. */
export const CANARY_STAGES = ["sent", "classified", "misread", "recorded"] as const;
export type CanaryStage = (typeof CANARY_STAGES)[number];

/** What the last one told, as it stands in Redis for whoever asks how the service is. */
export const canaryReportSchema = z.object({
  /** ISO 8601, UTC: when it ended, well or not. */
  at: z.string(),
  ok: z.boolean(),
  /** Where it stopped: `accept`, or the last stage that it reached. */
  stage: z.enum(["accept", ...CANARY_STAGES]),
  seconds: z.number(),
  /** For an operator; "" if all is well. */
  problem: z.string(),
});
export type CanaryReport = z.infer<typeof canaryReportSchema>;

/** 8 octets at random, and 12 of their HMAC-SHA-256. */
const ADDRESS = /^canary\+([0-9a-f]{40})@/;
const NONCE_LENGTH = 16;
const TEST_TOKEN_LENGTH = 12;
/** The tag of a signed return path, where the set-up page sends one: version, key and day stand before it. */
const SIGNED = /^[a-z0-9]{1,12}\+1[a-z0-9]{2,8}?setup([0-9a-f]{12})/;
const KEPT_MS = 10 * 60_000;

export const canaryAddress = (token: string, domain: string): string => `canary+${token}@${domain}`;

/** Of an address that looks like a canary's; whether it is one, its signature says. */
export const canaryTokenOf = (forwardPath: string | null): string | null =>
  (ADDRESS.exec(forwardPath ?? "") ?? SIGNED.exec(forwardPath ?? ""))?.[1] ?? null;

/** Tag of a signed return path that `canaryTokenOf` finds; the token is of 12 hexadecimal digits. */
export const canaryTag = (token: string): string => `setup${token}`;

const keyOf = (prefix: string, token: string): string => `${prefix}:canary:${token}`;
const secretKeyOf = (prefix: string): string => `${prefix}:canary-key`;
const reportKeyOf = (prefix: string): string => `${prefix}:canary`;

export interface CanaryStore {
  readonly redis: RedisClient;
  readonly prefix: string;
}

export const markCanary = async ({ redis, prefix }: CanaryStore, token: string, stage: CanaryStage): Promise<void> =>
  void (await redis.set(keyOf(prefix, token), stage, "PX", KEPT_MS));

/** A new one. The key is made by whoever needs it first, and anew where Redis lost its data. */
export async function makeCanaryToken({ redis, prefix }: CanaryStore): Promise<string> {
  const made = randomBytes(32).toString("hex");
  await redis.set(secretKeyOf(prefix), made, "NX");
  const nonce = randomBytes(NONCE_LENGTH / 2).toString("hex");
  return nonce + signatureOf(nonce, (await redis.get(secretKeyOf(prefix))) ?? made);
}

/** Whether a token is one of ours, however old. */
export function createCanaryCheck({ redis, prefix }: CanaryStore): (token: string) => Promise<boolean> {
  let key: string | null = null;
  const isSigned = (token: string): boolean => {
    const nonce = token.slice(0, NONCE_LENGTH);
    return key !== null && timingSafeEqual(Buffer.from(nonce + signatureOf(nonce, key)), Buffer.from(token));
  };
  return async (token) => {
    // Its address is signed as a whole; that we sent it just now, Redis knows.
    if (token.length === TEST_TOKEN_LENGTH) return (await redis.exists(keyOf(prefix, token))) === 1;
    if (isSigned(token)) return true;
    key = await redis.get(secretKeyOf(prefix));
    return isSigned(token);
  };
}

const signatureOf = (nonce: string, key: string): string =>
  createHmac("sha256", key).update(`canary ${nonce}`).digest("hex").slice(0, 24);

/** How far it came; null where that was too long ago. */
export const canaryStage = ({ redis, prefix }: CanaryStore, token: string): Promise<string | null> =>
  redis.get(keyOf(prefix, token));

export const saveCanaryReport = async ({ redis, prefix }: CanaryStore, report: CanaryReport): Promise<void> =>
  void (await redis.set(reportKeyOf(prefix), JSON.stringify(report)));

/** Null before the first one. */
export async function readCanaryReport({ redis, prefix }: CanaryStore): Promise<CanaryReport | null> {
  const text = await redis.get(reportKeyOf(prefix));
  return text === null ? null : canaryReportSchema.parse(JSON.parse(text));
}

/** A bounce of the plainest kind. */
export const canaryMessage = (token: string, domain: string): string =>
  [
    "From: MAILER-DAEMON@canary.invalid",
    `To: ${canaryAddress(token, domain)}`,
    "Subject: Undelivered Mail Returned to Sender (a test that the service sends to itself)",
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=canary",
    "",
    "--canary",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; canary.invalid",
    "",
    "Final-Recipient: rfc822; nobody@canary.invalid",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <nobody@canary.invalid>: User unknown",
    "",
    "--canary--",
  ].join("\r\n");

export const isReadRightly = ([event]: readonly BouncedEvent[]): boolean =>
  event?.severity === "hard" && event.reason === "mailbox_unknown";
