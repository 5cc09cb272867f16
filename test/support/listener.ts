/** A listener on a free port, with its own Redis unless one is given. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIntake, type Intake } from "../../src/intake/accept.ts";
import { smtpLimitsSchema } from "../../src/smtp/limits.ts";
import type { SmtpReply } from "../../src/smtp/replies.ts";
import { startSmtpListener, type SmtpListener, type SmtpListenerOptions } from "../../src/smtp/server.ts";
import { openCertificate } from "../../src/smtp/tls.ts";

export interface TestListener extends SmtpListener {
  readonly refused: readonly SmtpReply[];
  readonly errors: readonly Error[];
}

export const openTestIntake = (redisUrl: string, acceptMs = 4500): Intake =>
  openIntake({
    redisUrl,
    prefix: "bounced",
    acceptMs,
    durability: { replicas: 0, accept: "durable" },
    onDurability: () => undefined,
  });

export async function startTestListener(
  intake: Intake,
  changes: Partial<Omit<SmtpListenerOptions, "limits">> & { readonly limits?: Readonly<Record<string, unknown>> } = {},
): Promise<TestListener> {
  const refused: SmtpReply[] = [];
  const errors: Error[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-listener-"));
  const domains = ["bounces.example.com", "xn--bcher-kva.example"];
  const listener = await startSmtpListener({
    protocol: "smtp",
    host: "127.0.0.1",
    port: 0,
    name: "mx.example.com",
    domains: new Set(domains),
    policy: () => null,
    maxSize: 1024 * 1024,
    keepBytes: 64 * 1024,
    maxDotLines: 1000,
    intake,
    maxClients: 100,
    trustedProxies: [],
    certificate: await openCertificate({
      BOUNCED_TLS_CERT: undefined,
      BOUNCED_TLS_KEY: undefined,
      BOUNCED_DOMAINS: domains,
      dataDir,
    }),
    observe: {
      accepted: () => undefined,
      refused: (reply) => refused.push(reply),
      connectionError: (error) => errors.push(error),
      certificateProblem: (error) => error && errors.push(error),
    },
    ...changes,
    limits: smtpLimitsSchema.parse(changes.limits ?? {}),
  });
  return {
    ...listener,
    refused,
    errors,
    async stop() {
      await listener.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
