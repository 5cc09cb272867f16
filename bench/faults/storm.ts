/**
 * A load, disturbances, and the reckoning. Listener and worker (with the log) run as processes of their own and are
 * started again when they end; Redis is a child as in the service.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../src/config.ts";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { consume } from "../../src/queues/consume.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { provideRedisBinary } from "../../src/queues/redis-binary.ts";
import { startPrivateRedis, type PrivateRedis } from "../../src/queues/redis-server.ts";
import { openStore } from "../../src/store/store.ts";
import { startTestService, type TestService } from "../../test/support/service.ts";
import { startInjector } from "./injector.ts";

export interface Keeper {
  /** Null while it is being started again. */
  service(): TestService | null;
  /** kill -9; it comes back by itself. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  readonly restartsMs: readonly number[];
}

export interface Storm {
  readonly listener: Keeper;
  readonly worker: Keeper;
  readonly redis: PrivateRedis;
  readonly queues: Queues;
}

export interface StormOptions {
  /** Disturbs, returns how often it did. The load runs meanwhile. */
  readonly disturb: (storm: Storm) => Promise<number>;
  readonly connections?: number;
  /** Where Redis keeps its files. */
  readonly redisFolder?: string;
  readonly redisUrl?: (redis: PrivateRedis) => string;
  readonly settleMs?: number;
}

export interface Reckoning {
  readonly disturbances: number;
  readonly acked: number;
  readonly unknown: number;
  readonly refused: number;
  /** Acknowledged and not in the log. Must be 0. */
  readonly missing: number;
  /** In the log more than once. Must be 0. */
  readonly doubled: number;
  /** Handed to a consumer of an output queue and never acknowledged, nor begun. Must be 0. */
  readonly ghosts: number;
  /** Acknowledged and never handed to a consumer. Must be 0. */
  readonly undelivered: number;
  /** Handed to a consumer more than once, with the same event id. Allowed. */
  readonly redelivered: number;
  /** Jobs left on our own queues at the end. Must be 0. */
  readonly leftOver: number;
  /** From the last disturbance to everything being in the log. */
  readonly drainMs: number;
  readonly restartP50Ms: number;
  readonly restartMaxMs: number;
}

export const isSound = (r: Reckoning): boolean =>
  r.acked > 0 && r.disturbances > 0 && r.missing + r.doubled + r.ghosts + r.undelivered + r.leftOver === 0;

export async function runStorm(options: StormOptions): Promise<Reckoning> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-storm-"));
  const redis = await startPrivateRedis({
    binary: provideRedisBinary({ mayInstall: false, announce: () => undefined }),
    folder: options.redisFolder ?? join(folder, "redis"),
  });
  const environment = { REDIS_URL: options.redisUrl?.(redis) ?? redis.url, BOUNCED_DATA_DIR: folder };
  const listener = await keep(environment, "smtp");
  const worker = await keep(environment, "worker,record");
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const delivered = new Map<string, number>();
  const consumers = OUTPUT_QUEUES.map((queue) =>
    consume(
      queue,
      (event) => {
        const id = idOf(event.recipient.address);
        delivered.set(id, (delivered.get(id) ?? 0) + 1);
        return Promise.resolve();
      },
      { redisUrl: redis.url, prefix: "bounced", lockMs: 5000, onError: () => undefined },
    ),
  );
  const injector = startInjector({
    port: () => listener.service()?.smtpPort ?? 0,
    prefix: "s",
    connections: options.connections ?? 10,
    ledger: join(folder, "ledger.jsonl"),
  });
  const disturbances = await options.disturb({ listener, worker, redis, queues });
  await injector.finish();
  const drainFrom = performance.now();
  const leftOver = await untilEmpty(queues, options.settleMs ?? 300_000);
  const drainMs = Math.round(performance.now() - drainFrom);
  await Promise.all(consumers.map((consumer) => consumer.close()));
  await listener.stop();
  await worker.stop();
  const logged = await readLog(folder);
  await queues.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });

  const restarts = [...listener.restartsMs, ...worker.restartsMs].sort((a, b) => a - b);
  const { unknown, refused } = injector.attempts();
  const acked = [...injector.acked];
  return {
    disturbances,
    acked: acked.length,
    unknown,
    refused,
    missing: acked.filter((id) => !logged.has(id)).length,
    doubled: [...logged.values()].filter((count) => count > 1).length,
    ghosts: [...delivered.keys()].filter((id) => !injector.acked.has(id)).length,
    undelivered: acked.filter((id) => !delivered.has(id)).length,
    redelivered: [...delivered.values()].filter((count) => count > 1).length,
    leftOver,
    drainMs,
    restartP50Ms: Math.round(restarts[restarts.length >> 1] ?? 0),
    restartMaxMs: Math.round(restarts.at(-1) ?? 0),
  };
}

/** `user-<id>@example.org` -> the id. */
const idOf = (address: string | null): string => /^user-(.+)@/.exec(address ?? "")?.[1] ?? `? ${address}`;

async function keep(environment: Readonly<Record<string, string>>, roles: string): Promise<Keeper> {
  const restartsMs: number[] = [];
  const state = { isStopping: false };
  let service: TestService | null = await startTestService(environment, roles);
  const revive = async (): Promise<void> => {
    const startedAt = performance.now();
    while (!service && !state.isStopping) service = await startTestService(environment, roles).catch(() => null);
    restartsMs.push(performance.now() - startedAt);
  };
  return {
    service: () => service,
    restartsMs,
    async kill() {
      const victim = service;
      service = null;
      await victim?.kill();
      await revive();
    },
    async stop() {
      state.isStopping = true;
      await service?.stop();
    },
  };
}

/** Resolves with how many jobs are left on our own queues when the time is up. */
async function untilEmpty(queues: Queues, withinMs: number): Promise<number> {
  const deadline = Date.now() + withinMs;
  const names = ["intake", "record", ...OUTPUT_QUEUES] as const;
  for (;;) {
    const counts = await Promise.all(
      names.map((name) => queues.get(name).getJobCountByTypes("waiting", "active", "delayed", "failed")),
    );
    const left = counts.reduce((sum, count) => sum + count, 0);
    if (left === 0 || Date.now() > deadline) return left;
    await sleep(200);
  }
}

async function readLog(dataDir: string): Promise<ReadonlyMap<string, number>> {
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
  const counts = new Map<string, number>();
  for await (const { event } of store.iterate({})) {
    const id = idOf(event.recipient.address);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  await store.close();
  return counts;
}
