/**
 * A load, disturbances, and the evidence. Every role runs as a process of its own and is started again when it ends;
 * Redis is a child as in the service.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../src/config/config.ts";
import { OUTPUT_QUEUES, webhookQueueOf } from "../../src/queues/names.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { provideRedisBinary } from "../../src/redis/binary.ts";
import { startPrivateRedis, type PrivateRedis } from "../../src/redis/private-server.ts";
import { openStore } from "../../src/store/store.ts";
import { startInjector } from "./injector.ts";
import { keep, type Keeper } from "./keeper.ts";
import { reckon, type Logged, type Reckoning } from "./reckoning.ts";
import { consumeOutputs, receiveWebhooks } from "./sinks.ts";

/** Senders wait while so many messages are on their way. */
const MOST_ON_THEIR_WAY = 500;
const READ_BACK_EVERY = 50;

export const STORM_ROLES = ["smtp", "worker", "record", "webhook"] as const;
export type StormRole = (typeof STORM_ROLES)[number];

export interface Storm {
  readonly roles: Readonly<Record<StormRole, Keeper>>;
  readonly redis: PrivateRedis;
  readonly queues: Queues;
  readonly dataDir: string;
  acked(): number;
  /** Notes that something was broken now. Ends of processes are noted by themselves. */
  disturbed(): void;
}

export interface StormOptions {
  /** Disturbs. The load runs meanwhile. */
  readonly disturb: (storm: Storm) => Promise<void>;
  readonly connections?: number;
  /** Where Redis keeps its files; in place of the storm's own folder. */
  readonly redisFolder?: string;
  /** In place of the redis-server on PATH. */
  readonly redisBinary?: string;
  readonly redisUrl?: (redis: PrivateRedis) => string;
  /** FAULT for the next start of a role. */
  readonly faults?: Partial<Readonly<Record<StormRole, () => string | null>>>;
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
  /** Beside what we set, for some roles only. */
  readonly environmentOf?: (role: StormRole) => Readonly<Record<string, string>>;
  readonly settleMs?: number;
}

export async function runStorm(options: StormOptions): Promise<Reckoning> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-storm-"));
  const redis = await startPrivateRedis({
    binary: options.redisBinary ?? provideRedisBinary({ mayInstall: false, announce: () => undefined }),
    folder: options.redisFolder ?? join(folder, "redis"),
  });
  const webhook = await receiveWebhooks();
  writeFileSync(join(folder, "bounced.yaml"), webhook.settings);
  const environment = {
    REDIS_URL: options.redisUrl?.(redis) ?? redis.url,
    BOUNCED_DATA_DIR: folder,
    BOUNCED_CONFIG: join(folder, "bounced.yaml"),
    BOUNCED_LOG_LEVEL: "error",
    ...options.environment?.(folder),
  };
  const disturbedAt: number[] = [];
  const disturbed = (): void => void disturbedAt.push(performance.now());
  const keepers = await Promise.all(
    STORM_ROLES.map((role) => {
      const fault = options.faults?.[role];
      const own = { ...environment, ...options.environmentOf?.(role) };
      return keep({ environment: own, role, onDeath: disturbed, ...(fault ? { fault } : {}) });
    }),
  );
  const roles = Object.fromEntries(keepers.map((keeper) => [keeper.role, keeper])) as Record<StormRole, Keeper>;
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const queue = consumeOutputs(redis.url);
  const injector = startInjector({
    port: () => roles.smtp.service()?.smtpPort ?? 0,
    prefix: "s",
    connections: options.connections ?? 10,
    ledger: join(folder, "ledger.jsonl"),
    mustWait: (acked) => acked - Math.min(queue.arrivals.size, webhook.arrivals.size) > MOST_ON_THEIR_WAY,
  });
  const storm: Storm = { roles, redis, queues, dataDir: folder, disturbed, acked: () => injector.acked.size };
  await options.disturb(storm);
  await injector.finish();
  const drainFrom = performance.now();
  const { leftOver, quarantined } = await untilEmpty(queues, options.settleMs ?? 300_000);
  const drainMs = Math.round(performance.now() - drainFrom);
  await queue.close();
  for (const keeper of keepers) await keeper.stop();
  await webhook.close();
  const log = await readLog(environment.BOUNCED_DATA_DIR);
  await queues.close();
  await redis.stop();
  const reckoning = reckon({
    injector,
    queue: queue.arrivals,
    webhook: webhook.arrivals,
    log,
    disturbedAt,
    restartsMs: keepers.flatMap(({ restartsMs }) => restartsMs),
    leftOver,
    quarantined,
    drainMs,
  });
  rmSync(folder, { recursive: true, force: true });
  return reckoning;
}

/** What is left on our own queues when the time is up, or only the quarantine is. */
async function untilEmpty(
  queues: Queues,
  withinMs: number,
): Promise<{ readonly leftOver: number; readonly quarantined: number }> {
  const deadline = Date.now() + withinMs;
  const names = ["intake", "record", "webhook", webhookQueueOf("sink"), ...OUTPUT_QUEUES] as const;
  for (;;) {
    const counts = await Promise.all(
      names.map((name) => queues.get(name).getJobCountByTypes("waiting", "active", "delayed", "failed")),
    );
    const leftOver = counts.reduce((sum, count) => sum + count, 0);
    const quarantined = await queues.get("intake").getFailedCount();
    if (leftOver === quarantined || Date.now() > deadline) return { leftOver, quarantined };
    await sleep(200);
  }
}

async function readLog(dataDir: string): Promise<readonly Logged[]> {
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
  const logged: Logged[] = [];
  for await (const { event } of store.iterate({})) {
    const isReadBack = logged.length % READ_BACK_EVERY === 0;
    const { id, recipient, message } = event;
    const raw = isReadBack ? await store.raw(id) : null;
    logged.push({ id, address: recipient.address, sha256: message.sha256, raw });
  }
  await store.close();
  return logged;
}
