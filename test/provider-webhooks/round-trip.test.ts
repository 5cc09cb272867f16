/** What our own webhooks say in the providers' shapes, their readers here read back: same failure, same verdict. */
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { readMessage, refusalDigest, reportedRefusalSchema } from "../../src/core/index.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { webhookRequestOf } from "../../src/outputs/webhook-request.ts";
import type { WebhookEndpoint } from "../../src/outputs/webhook-settings.ts";
import { carriedBy, isSnsEnvelope } from "../../src/provider-webhooks/sns.ts";
import { objectIn } from "../../src/provider-webhooks/provider-event.ts";
import { readBody } from "../../src/provider-webhooks/read-body.ts";
import { providerWebhooksSchema } from "../../src/provider-webhooks/settings.ts";
import { createSignatureCheck } from "../../src/provider-webhooks/signatures.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { sampleEvent } from "../support/event.ts";

const NOW = new Date("2026-11-29T10:00:00.000Z");
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const KEYS: Readonly<Record<string, { readonly ours: string; readonly theirs: object }>> = {
  sendgrid: {
    ours: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
    theirs: { publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64") },
  },
  mailgun: { ours: "a-key-that-both-have", theirs: { signingKey: "a-key-that-both-have" } },
};
const settings = readSettingsOf(loadConfig({ BOUNCED_SECRET: "k1" }));

async function throughShape(shape: string, event: BouncedEvent): Promise<readonly BouncedEvent[]> {
  const keys = KEYS[shape] ?? { ours: "0123456789abcdef0123456789abcdef", theirs: {} };
  const sent = webhookRequestOf({ shape, secret: keys.ours } as WebhookEndpoint, [event], NOW);
  if (!sent) return [];
  const [endpoint] = providerWebhooksSchema.parse([{ source: shape, secret: "s".repeat(24), ...keys.theirs }]);
  const parsed: unknown = JSON.parse(sent.body);
  const post = { body: Buffer.from(sent.body), header: (name: string) => sent.headers[name] ?? null };
  expect(createSignatureCheck()(endpoint!, post, parsed, NOW.getTime())).toBe(true);
  const body = isSnsEnvelope(objectIn(parsed)) ? carriedBy(objectIn(parsed)) : parsed;
  const read = readBody(endpoint!, body).map(async (told) => {
    if (told.outcome !== "refusal") return [];
    const refusal = reportedRefusalSchema.parse(told.refusal);
    const octets = Buffer.from(JSON.stringify(refusal));
    const envelope = { reversePath: null, forwardPath: null };
    const input = { octets, truncated: false, size: octets.length, sha256: refusalDigest(refusal), envelope };
    return readMessage({ ...input, receivedAt: refusal.at ?? null, remoteAddress: null, isRefusal: true }, settings);
  });
  return (await Promise.all(read)).flat();
}

const texts = [
  ["5.1.1", 550, "550 5.1.1 The email account that you tried to reach does not exist"],
  ["4.2.2", 452, "452 4.2.2 Mailbox full"],
  ["5.7.1", 554, "554 5.7.1 Service unavailable; client host blocked using a blocklist"],
  ["5.3.4", 552, "552 5.3.4 Message size exceeds fixed limit"],
] as const;

test.each(["ses", "sendgrid", "postmark", "mailgun", "sparkpost"])("%s", async (shape) => {
  for (const [status, replyCode, text] of texts) {
    const refusal = { recipient: "user@example.org", reply: text, status, messageId: "<1@shop.example>" };
    const octets = Buffer.from(JSON.stringify(refusal));
    const envelope = { reversePath: null, forwardPath: null };
    const sha256 = refusalDigest(reportedRefusalSchema.parse(refusal));
    const message = { octets, truncated: false, size: octets.length, sha256, envelope, receivedAt: NOW.toISOString() };
    const [first] = await readMessage({ ...message, remoteAddress: null, isRefusal: true }, settings);
    expect(first).toMatchObject({ replyCode, authenticity: "proven" });
    const [event, ...more] = await throughShape(shape, first!);
    expect(more).toEqual([]);
    const { kind, reason, severity, advice, recipient, proof } = first!;
    expect(event).toMatchObject({ kind, reason, severity, advice, recipient, proof });
    expect(event?.given?.label).toBeTruthy();
    expect(event?.diagnostic?.text).toBe(text);
  }
});

test.each(["ses", "sendgrid", "postmark", "mailgun", "sparkpost"])("%s: a complaint", async (shape) => {
  const complaint = { kind: "complaint", severity: "complaint", reason: "complaint", diagnostic: null } as const;
  const codes = { ...sampleEvent().codes, postmark: "SpamComplaint" };
  const [event] = await throughShape(
    shape,
    sampleEvent({ ...complaint, codes, id: `e${"1".repeat(31)}`, authenticity: "proven" }),
  );
  expect(event).toMatchObject({ kind: "complaint", reason: "complaint", advice: "suppress", proof: "sender" });
});
