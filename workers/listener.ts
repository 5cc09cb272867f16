/** The smtp role: the SMTP listener, and the LMTP one where a port is set. */
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { canaryTokenOf } from "../src/canary/canary.ts";
import { startCanaries, type Canaries } from "../src/canary/sender.ts";
import type { Intake } from "../src/intake/accept.ts";
import { configuredIntake } from "../src/intake/configured.ts";
import { forwardPathPolicyOf } from "../src/smtp/forward-path-policy.ts";
import { createGuessLimit } from "../src/smtp/guess-limit.ts";
import type { SmtpReply } from "../src/smtp/replies.ts";
import { isTrustedProxy } from "../src/smtp/gate.ts";
import { startSmtpListener, type SmtpListener, type SmtpListenerOptions } from "../src/smtp/server.ts";
import { createTapReader } from "../src/queues/taps.ts";
import { certificateProblem, openCertificate } from "../src/smtp/tls.ts";
import type { ServiceContext, StartRole } from "../src/client/service.ts";
import {
  acceptSeconds,
  bytesAccepted,
  canaryFailures,
  canaryLastSuccess,
  canarySeconds,
  certificateExpires,
  certificateUsable,
  messagesAccepted,
  returnPathGuessing,
  returnPathsRefused,
  smtpAccepting,
  smtpConnections,
  smtpRefusals,
} from "../src/telemetry/metrics.ts";
import { redisDurable, redisLimitBytes, redisUnsafe, redisUsedBytes } from "../src/telemetry/redis-metrics.ts";

const MEASURE_MS = 2000;

export const smtpRole: StartRole = async (context) => {
  const { config, logger, redisUrl } = context;
  const limits = config.file.smtp;
  const intake = configuredIntake(config, redisUrl, ({ problems, isSafe }) => {
    redisDurable.set(problems.length === 0 ? 1 : 0);
    redisUnsafe.set(!isSafe && config.file.durability.accept === "unsafe" ? 1 : 0);
    for (const problem of problems) logger.error(problem);
  });
  const certificate = await openCertificate(config);
  const unusable = certificateProblem(config);
  certificateUsable.set(unusable === null ? 1 : 0);
  if (unusable !== null)
    logger.error(
      { problem: unusable },
      "BOUNCED_TLS_CERT and _KEY cannot be used: the listener uses a self-signed certificate",
    );
  let canaries: Canaries | null = null;
  const guesses = createGuessLimit({
    limits,
    onReached(whose) {
      returnPathGuessing.inc();
      logger.error(
        { whose },
        "wrong BATV or SRS addresses: the day's limit is reached, and more get a 451 until tomorrow",
      );
    },
  });
  const policy = forwardPathPolicyOf(config, (reason) => returnPathsRefused.inc({ reason }), guesses);
  const options: Omit<SmtpListenerOptions, "protocol" | "port"> = {
    host: config.BOUNCED_SMTP_HOST,
    name: hostname(),
    domains: new Set(config.BOUNCED_DOMAINS),
    policy: (forwardPath, remoteAddress) => (canaries?.isOurs(forwardPath) ? null : policy(forwardPath, remoteAddress)),
    maxSize: config.BOUNCED_MAX_SIZE,
    keepBytes: config.BOUNCED_KEEP_BYTES,
    maxDotLines: limits.dotLines,
    maxClients: config.BOUNCED_MAX_CLIENTS,
    trustedProxies: config.BOUNCED_PROXY_PROTOCOL,
    intake,
    limits,
    certificate,
    observe: observerOf(context),
  };
  const smtp = await startSmtpListener({ ...options, protocol: "smtp", port: config.BOUNCED_SMTP_PORT });
  const lmtp =
    config.BOUNCED_LMTP_PORT === undefined
      ? null
      : await startSmtpListener({ ...options, protocol: "lmtp", port: config.BOUNCED_LMTP_PORT });
  canaries = startCanariesOf(context, smtp);
  const problems = await firstProblems(intake);
  const measure = (): void => {
    smtpConnections.set(smtp.connections() + (lmtp?.connections() ?? 0));
    smtpAccepting.set(intake.state() === "ready" ? 1 : 0);
    redisUsedBytes.set(intake.memory()?.usedBytes ?? 0);
    redisLimitBytes.set(intake.memory()?.limitBytes ?? 0);
    certificateExpires.set(certificate.expiresAt() / 1000);
  };
  measure();
  const measuring = setInterval(measure, MEASURE_MS);
  return {
    notes: [
      `SMTP on ${placeOf(smtp)} for ${config.BOUNCED_DOMAINS.join(", ")}`,
      ...(lmtp ? [`LMTP on ${placeOf(lmtp)}`] : []),
      ...problems.map((problem) => `WARNING: ${problem}`),
      ...(certificate.isSelfSigned
        ? ["STARTTLS with a self-signed certificate; set BOUNCED_TLS_CERT and BOUNCED_TLS_KEY for your own"]
        : []),
    ],
    async stop() {
      clearInterval(measuring);
      await canaries?.stop();
      await Promise.all([smtp.stop(), lmtp?.stop()]);
      await intake.close();
    },
  };
};

const placeOf = ({ host, port }: Pick<SmtpListener, "host" | "port">): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** To our own listener, as a sender on this machine. */
function startCanariesOf({ config, logger, queues }: ServiceContext, { host, port }: SmtpListener): Canaries {
  const own = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const taps = createTapReader(queues);
  canaryLastSuccess.set(Date.now() / 1000);
  return startCanaries({
    redis: queues.redis,
    prefix: queues.prefix,
    settings: config.file.canary,
    host: own,
    port,
    domain: config.BOUNCED_DOMAINS[0] ?? "localhost",
    isProxied: isTrustedProxy(config.BOUNCED_PROXY_PROTOCOL, own),
    lastStage: async () => ((await taps()).includes("record") ? "recorded" : "classified"),
    onReport({ ok, stage, seconds, problem }) {
      if (!ok) {
        canaryFailures.inc({ stage });
        logger.error({ stage, problem }, "the canary did not arrive");
        return;
      }
      canaryLastSuccess.set(Date.now() / 1000);
      canarySeconds.set(seconds);
    },
  });
}

/** What Redis cannot promise, if it says so within a second; the log says it in any case. */
async function firstProblems(intake: Intake): Promise<readonly string[]> {
  for (let waited = 0; waited < 1000 && !intake.durability(); waited += 20) await sleep(20);
  return intake.durability()?.problems ?? ["Redis does not answer yet: every sender gets 451 and keeps the mail."];
}

/** Refusals for a fault of ours are warnings, once in ten seconds each, however many senders hear them. */
function observerOf({ logger }: ServiceContext): SmtpListenerOptions["observe"] {
  const warned = new Map<SmtpReply, { at: number; count: number }>();
  return {
    accepted({ octets, milliseconds, forwardPaths }) {
      if (forwardPaths.some((forwardPath) => canaryTokenOf(forwardPath) !== null)) return;
      messagesAccepted.inc();
      bytesAccepted.inc(octets);
      acceptSeconds.observe(milliseconds / 1000);
      logger.debug({ octets, milliseconds, forwardPaths }, "message accepted");
    },
    refused(reply, cause) {
      smtpRefusals.inc({ code: String(reply.code), enhanced: reply.enhanced });
      if (cause === undefined) {
        logger.debug({ reply }, "refused");
        return;
      }
      const last = warned.get(reply) ?? { at: -Infinity, count: 0 };
      const now = performance.now();
      if (now - last.at < 10_000) last.count++;
      else {
        logger.warn(
          { reply, err: cause, since: last.count },
          "rejected because of an internal error; the sender keeps the mail",
        );
        last.at = now;
        last.count = 0;
      }
      warned.set(reply, last);
    },
    connectionError: (error) => logger.debug({ err: error }, "connection"),
    certificateProblem(error) {
      certificateUsable.set(error === null ? 1 : 0);
      if (error)
        logger.error(
          { err: error },
          "BOUNCED_TLS_CERT and _KEY cannot be used: the listener keeps the previous certificate",
        );
      else logger.info("the renewed certificate is loaded");
    },
  };
}
