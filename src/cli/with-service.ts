/**
 * What commands beside a running service work on: its log, its queues. They never make either. What they do to them is in
 * the audit log before it begins.
 */
import { userInfo } from "node:os";
import type { Config } from "../config/config.ts";
import { loadServiceConfig } from "../client/find-service.ts";
import { inPlainWords } from "../config/plain-words.ts";
import { messageOf } from "../machine/error-message.ts";
import { redisUrlOf } from "../redis/place.ts";
import { describeRedisUrl } from "../redis/url.ts";
import type { Queues } from "../queues/queues.ts";
import { withAct, type ActHere } from "../store/audit/with-act.ts";
import type { Store } from "../store/store.ts";
import { onOneLine } from "./terminal.ts";
import { wrap } from "./wrap.ts";

const REDIS_MS = 5000;

export async function withStore(work: (store: Store, config: Config) => Promise<void>): Promise<void> {
  const config = loadServiceConfig("log");
  const { openStore } = await import("../store/store.ts");
  const store = await openStore(config).catch((cause: unknown) => {
    const words = inPlainWords(cause, config);
    throw words === null ? cause : new Error(words, { cause });
  });
  try {
    await work(store, config);
  } finally {
    await store.close();
  }
}

/** Rejects with one plain sentence where Redis does not answer within five seconds. */
export async function withQueues(work: (queues: Queues, config: Config) => Promise<void>): Promise<void> {
  const config = loadServiceConfig("redis");
  // Only here: BullMQ takes longer to load than a search of the log takes.
  const { openQueues } = await import("../queues/queues.ts");
  const url = redisUrlOf(config);
  let last: Error | null = null;
  const queues = openQueues({ redisUrl: url, prefix: config.BOUNCED_PREFIX, onError: (error) => (last = error) });
  let patience: NodeJS.Timeout | undefined;
  try {
    const tooLong = new Promise<never>((_, reject) => {
      patience = setTimeout(() => reject(last ?? new Error("no answer")), REDIS_MS);
    });
    await Promise.race([queues.redis.ping(), tooLong]).catch((cause: unknown) => {
      throw new Error(noRedis(url, config, cause), { cause });
    });
    clearTimeout(patience);
    await work(queues, config);
  } finally {
    clearTimeout(patience);
    await queues.close();
  }
}

function noRedis(url: string, config: Config, cause: unknown): string {
  if (!config.REDIS_URL)
    return `the service of ${config.dataDir} is not running: its private Redis (${describeRedisUrl(url)}) does not answer. Start it with bounced serve.`;
  return (
    inPlainWords(cause, config) ??
    `REDIS_URL=${describeRedisUrl(url)}: Redis does not answer. Start it, or correct REDIS_URL.`
  );
}

type CommandAct = Omit<ActHere, "actor">;

/** As everything a command writes names who ran it. */
export const commandActor = (): string => `cli:${userInfo().username}`;

export const recorded = <Result>(
  { audit }: Pick<Store, "audit">,
  act: CommandAct,
  work: () => Promise<Result>,
): Promise<Result> => withAct(audit, { actor: commandActor(), ...act }, work);

/** For what must be possible while the log cannot be reached: a token that has leaked is revoked in any case. */
export async function recordIfPossible(act: CommandAct): Promise<void> {
  try {
    await withStore((store) => recorded(store, act, async () => undefined));
  } catch (cause) {
    const [why = ""] = messageOf(cause).split("\n");
    process.stderr.write(`${wrap(`bounced: not in the audit log: ${onOneLine(why, 200)}`)}\n`);
  }
}
