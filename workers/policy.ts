/** Role `policy`: mail servers ask here, before they send, whether a recipient is suppressed. */
import { returnPathSettingsOf } from "../src/return-path/settings.ts";
import type { StartRole } from "../src/client/service.ts";
import { bansWith } from "../src/erasure/ban.ts";
import { createAnswers } from "../src/policy/answer.ts";
import { keepCurrent } from "../src/policy/keep-current.ts";
import { createReporter } from "../src/policy/report.ts";
import { startPolicyServer } from "../src/policy/server.ts";
import { configuredIntake } from "../src/intake/configured.ts";
import { acceptRefusals } from "../src/refusals/accept-refusals.ts";
import { openStore } from "../src/store/store.ts";
import {
  policyAge,
  policyAnswers,
  policyEntries,
  policySeconds,
  policyUnrecorded,
} from "../src/telemetry/policy-metrics.ts";

const MEASURE_MS = 5000;
/** While the log cannot be read, one warning in so long. */
const WARN_EVERY_MS = 10_000;

export const policyRole: StartRole = async ({ config, logger, redisUrl }) => {
  const port = config.BOUNCED_POLICY_PORT;
  if (port === undefined) return { notes: [], stop: () => Promise.resolve() };
  const { policy: settings, suppression } = config.file;
  const log = logger.child({ role: "policy" });
  const store = await openStore(config);
  const intake = configuredIntake(config, redisUrl);
  const reporter = createReporter({
    accept: (refusals) => acceptRefusals(intake, refusals, { pathPrefix: config.file.returnPath.prefix }),
    onLost(count, cause) {
      policyUnrecorded.inc(count);
      log.warn({ count, err: cause }, "mail was refused that the log will not have: Redis did not accept the record");
    },
  });
  let warnedAt = -Infinity;
  const current = keepCurrent({
    suppressions: store.suppressions,
    bans: bansWith(config.BOUNCED_SECRET),
    onError(error) {
      const now = performance.now();
      if (now - warnedAt < WARN_EVERY_MS) return;
      warnedAt = now;
      log.warn({ err: error }, "the suppression list cannot be read; answers come from what was read before");
    },
    onLoaded: (entries) => log.info({ entries }, "the suppression list is in memory"),
  });
  const measure = (): void => {
    policyEntries.set(current.list()?.size() ?? 0);
    policyAge.set(Math.min(current.age() / 1000, 1e9));
  };
  const measuring = setInterval(measure, MEASURE_MS);
  const stopAll = async (): Promise<void> => {
    clearInterval(measuring);
    await reporter.stop();
    await intake.close();
    await current.stop();
    await store.close();
  };
  try {
    const server = await startPolicyServer({
      host: config.BOUNCED_POLICY_HOST,
      port,
      answer: createAnswers({
        current,
        settings,
        stream: suppression.stream,
        returnPath: returnPathSettingsOf(config),
      }),
      onAnswer(protocol, question, answer, ms) {
        policyAnswers.inc({ protocol, answer: answer.kind });
        policySeconds.observe(ms / 1000);
        if (question && settings.record) reporter.report(question, answer, Date.now());
      },
    });
    return {
      notes: [`mail servers ask about recipients on ${server.host}:${server.port}`],
      async stop() {
        await server.stop();
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
};
