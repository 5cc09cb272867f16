/** Queue `refusals`, for programs that write to Redis -> the intake, as if they had used the API. Part of the worker role. */
import { NotAccepted } from "../src/intake/accept.ts";
import { configuredIntake } from "../src/intake/configured.ts";
import { acceptRefusals, type AcceptOptions } from "../src/refusals/accept-refusals.ts";
import type { Intake } from "../src/intake/accept.ts";
import { consume, UnrecoverableError, type Handler } from "../src/queues/consume.ts";
import { TryLater } from "../src/queues/try-later.ts";
import type { StartRole } from "../src/client/service.ts";
import { MAX_REFUSALS } from "../src/refusals/check-refusals.ts";
import type { RefusalsJob } from "../src/queues/payloads.ts";

/** One refusal, or a list of up to 1,000. The good ones are accepted; a job with a bad one is parked in `failed`. */
export function refusalsHandler(
  intake: Pick<Intake, "accept" | "write">,
  options: AcceptOptions,
): Handler<RefusalsJob> {
  return async (data) => {
    const items = Array.isArray(data) ? data : [data];
    if (items.length > MAX_REFUSALS)
      throw new UnrecoverableError(`${items.length} refusals in one job: put at most ${MAX_REFUSALS} into each`);
    const { errors } = await acceptRefusals(intake, items, options).catch((cause: unknown) => {
      throw cause instanceof NotAccepted ? new TryLater(cause.message, { cause }) : cause;
    });
    const [first] = errors;
    if (!first) return;
    const { index, field, message } = first;
    const place = Array.isArray(data) ? `[${index}]${field && `.${field}`}` : field;
    throw new UnrecoverableError(`${place || "job data"}: ${message}. The correct ones are accepted`);
  };
}

export const startRefusals: StartRole = ({ config, logger, redisUrl }) => {
  // The listeners say what Redis cannot promise.
  const intake = configuredIntake(config, redisUrl);
  const consumer = consume("refusals", refusalsHandler(intake, { pathPrefix: config.file.returnPath.prefix }), {
    redisUrl,
    prefix: config.BOUNCED_PREFIX,
    concurrency: 20,
    onError: (error) => logger.warn({ err: error }, "queue refusals"),
    onFailed: ({ id }, error) => logger.error({ id, problem: error.message }, "job of queue refusals is not correct"),
  });
  return Promise.resolve({
    notes: [],
    async stop() {
      await consumer.close();
      await intake.close();
    },
  });
};
