/** Consuming a queue of the service that runs here, in five lines of a program of one's own. */
import {
  consume as consumeAt,
  type ConsumeOptions as OptionsAt,
  type Consumer,
  type Handler,
} from "../queues/consume.ts";
import type { BouncedEvent } from "../event/event.ts";
import type { NamedQueue } from "../queues/names.ts";
import type { PayloadOf } from "../queues/payloads.ts";
import { redisUrlOf } from "../redis/place.ts";
import { checkOptions } from "./check-options.ts";
import { loadServiceConfig } from "./find-service.ts";

export interface ConsumeOptions extends Omit<OptionsAt, "redisUrl" | "prefix"> {
  /** @defaultValue REDIS_URL, or the Redis of the service that `bounced serve` runs on this machine (BOUNCED_DATA_DIR) */
  readonly redisUrl?: string;
  /** @defaultValue BOUNCED_PREFIX */
  readonly prefix?: string;
}

/**
 * Throws where the queue has no name that the service knows, or no service can be found: REDIS_URL or BOUNCED_DATA_DIR
 * then has to be set. A Redis that does not answer is waited for, and reported to `onError`.
 */
export function consume<Name extends NamedQueue>(
  queue: Name,
  handler: Handler<PayloadOf<Name>>,
  options?: ConsumeOptions,
): Consumer;
export function consume(
  queue: string,
  handler: Handler<BouncedEvent>,
  options: ConsumeOptions & { readonly route: true },
): Consumer;
export function consume<Name extends NamedQueue>(
  queue: Name,
  handler: Handler<PayloadOf<Name>>,
  options: ConsumeOptions = {},
): Consumer {
  checkOptions("consume", options, OPTIONS);
  if (typeof handler !== "function")
    throw new TypeError(`consume: handler: expected a function, got ${typeof handler}`);
  return consumeAt(queue, handler, { ...options, ...placeOf(options) });
}

const OPTIONS: readonly (keyof ConsumeOptions)[] = [
  "route",
  "redisUrl",
  "prefix",
  "concurrency",
  "lockMs",
  "maxStalledCount",
  "keepsNothing",
  "onError",
  "onFailed",
];

function placeOf({ redisUrl, prefix }: ConsumeOptions): Pick<OptionsAt, "redisUrl" | "prefix"> {
  if (redisUrl !== undefined && prefix !== undefined) return { redisUrl, prefix };
  const given = redisUrl === undefined ? {} : { REDIS_URL: redisUrl, REDIS_URL_FILE: "" };
  const config = loadServiceConfig("redis", { ...process.env, ...given });
  return { redisUrl: redisUrlOf(config), prefix: prefix ?? config.BOUNCED_PREFIX };
}
