/** C: no room on a disk, errors of a disk, clocks that jump, no descriptors left; and who notices. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectSmtp, type SmtpClient } from "../../test/support/smtp-client.ts";
import { bounceOf } from "../load.ts";
import { deliver, greetMs, withService } from "./bench-service.ts";
import { pause } from "./crashes.ts";
import { outcomeOf } from "./reckoning.ts";
import type { Outcome, Run, Scenario } from "./scenario.ts";
import { runStorm, type Storm } from "./storm.ts";
import { withTracedRedis } from "./traced-redis.ts";

const FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
const HOUR_S = 3600;

/** A folder of so many MB that can be filled up. */
async function onSmallDisk(
  megabytes: number,
  work: (folder: string, fill: () => void, empty: () => void) => Promise<Outcome>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}M,mode=700`, "tmpfs", folder]);
  const filler = join(folder, "filler");
  try {
    return await work(
      folder,
      () => {
        const { bavail, bsize } = statfsSync(folder);
        spawnSync("dd", ["if=/dev/zero", `of=${filler}`, `bs=${bsize}`, `count=${bavail}`], { stdio: "ignore" });
      },
      () => rmSync(filler, { force: true }),
    );
  } finally {
    spawnSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Full for five seconds, again and again, under load. */
const filling =
  ({ rounds, dice }: Run, fill: () => void, empty: () => void) =>
  async (storm: Storm): Promise<void> => {
    for (let round = 0; round < Math.ceil(rounds / 10); round++) {
      await pause(storm, dice, 200);
      fill();
      storm.disturbed();
      await sleep(5000);
      empty();
    }
    await sleep(1000);
  };

const redisDiskFull = (run: Run): Promise<Outcome> =>
  onSmallDisk(400, async (redisFolder, fill, empty) =>
    outcomeOf(await runStorm({ redisFolder, disturb: filling(run, fill, empty) })),
  );

const storeDiskFull = (run: Run): Promise<Outcome> =>
  onSmallDisk(400, async (dataDir, fill, empty) => {
    const redisFolder = mkdtempSync(join(tmpdir(), "bounced-redis-"));
    const reckoning = await runStorm({
      redisFolder,
      environment: () => ({ BOUNCED_DATA_DIR: dataDir }),
      disturb: filling(run, fill, empty),
    });
    rmSync(redisFolder, { recursive: true, force: true });
    return outcomeOf(reckoning);
  });

const diskErrors = ({ rounds, dice }: Run): Promise<Outcome> =>
  withTracedRedis("error=EIO:when=300+300", async (redisBinary) =>
    outcomeOf(
      await runStorm({
        redisBinary,
        async disturb(storm) {
          for (let round = 0; round < Math.ceil(rounds / 10); round++) {
            await pause(storm, dice, 300);
            storm.disturbed();
          }
          await sleep(2000);
        },
      }),
    ),
  );

/** Clocks of listener and worker, each on its own, while mail comes in. Redis does not start under libfaketime. */
async function jumpingClocks({ dice }: Run): Promise<Outcome> {
  if (!existsSync(FAKETIME)) return { pass: false, figures: "libfaketime is not installed: apt-get install faketime" };
  const folder = mkdtempSync(join(tmpdir(), "bounced-clocks-"));
  const set = (who: string, offset: string): void => writeFileSync(join(folder, who), offset);
  const faked = ["smtp", "worker"] as const;
  for (const who of faked) set(who, "+0");
  const reckoning = await runStorm({
    environmentOf: (role) =>
      role === "smtp" || role === "worker"
        ? {
            LD_PRELOAD: FAKETIME,
            FAKETIME_TIMESTAMP_FILE: join(folder, role),
            FAKETIME_NO_CACHE: "1",
            FAKETIME_DONT_FAKE_MONOTONIC: "1",
          }
        : {},
    async disturb(storm) {
      for (const who of faked)
        for (const offset of [HOUR_S, -HOUR_S, 10 * 365 * 24 * HOUR_S]) {
          await pause(storm, dice, 150);
          set(who, offset < 0 ? String(offset) : `+${offset}`);
          storm.disturbed();
          await sleep(1500);
          set(who, "+0");
        }
      await sleep(1000);
    },
  });
  rmSync(folder, { recursive: true, force: true });
  return outcomeOf(reckoning);
}

const noDescriptors = (): Promise<Outcome> =>
  withService({ roles: "smtp" }, async ({ smtpPort, pid, process: child }) => {
    execFileSync("prlimit", ["--nofile=256:256", "--pid", String(pid)]);
    const clients: SmtpClient[] = [];
    for (let n = 0; n < 400; n++) clients.push(await connectSmtp(smtpPort));
    await sleep(1500);
    const served = clients.filter(({ socket }) => socket.bytesRead > 0).length;
    const isAlive = child.exitCode === null;
    for (const client of clients) client.close();
    await sleep(1000);
    const ms = await greetMs(smtpPort);
    const reply = await deliver(smtpPort, bounceOf("c06"));
    return {
      pass: isAlive && reply.startsWith("250"),
      figures: `256 descriptors, 400 clients: ${served} greeted, process ${isAlive ? "alive" : "ENDED"}; afterwards greeted within ${ms} ms, message ${reply.slice(0, 3)}`,
    };
  });

/** Each fault, and how soon /readyz says so. */
const readiness = (): Promise<Outcome> =>
  withService({ roles: "smtp,worker,record,http" }, async ({ httpUrl, redis, queues }) => {
    const status = (path: string): Promise<number> =>
      fetch(new URL(path, httpUrl)).then(
        (response) => response.status,
        () => 0,
      );
    const until = async (wanted: number): Promise<number> => {
      const from = performance.now();
      while ((await status("/readyz")) !== wanted && performance.now() - from < 30_000) await sleep(100);
      return (performance.now() - from) / 1000;
    };
    const atStart = await status("/readyz");
    process.kill(redis.pid() ?? 0, "SIGSTOP");
    const down = await until(503);
    const alive = await status("/healthz");
    process.kill(redis.pid() ?? 0, "SIGCONT");
    const up = await until(200);
    await queues.redis.config("SET", "maxmemory-policy", "allkeys-lru");
    await queues.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    const from = performance.now();
    const metric = async (): Promise<string> => (await fetch(new URL("/metrics", httpUrl))).text();
    while (!/^bounced_redis_durable\S* 0$/m.test(await metric()) && performance.now() - from < 15_000) await sleep(200);
    const noticed = (performance.now() - from) / 1000;
    return {
      pass: atStart === 200 && down < 15 && alive === 200 && up < 15 && noticed < 15,
      figures: `ready ${atStart}; Redis hung: 503 after ${down.toFixed(1)} s, alive ${alive}; back: 200 after ${up.toFixed(1)} s; wrong eviction policy: metric after ${noticed.toFixed(1)} s`,
    };
  });

export const RESOURCES: readonly Scenario[] = [
  { id: "C01", what: "the disk of Redis full under load", run: redisDiskFull },
  { id: "C02", what: "errors of Redis's disk (EIO on every 300th fsync) under load", run: diskErrors },
  { id: "C04", what: "the disk of the log full under load", run: storeDiskFull },
  { id: "C05", what: "clocks of listener and worker jump by +1 h, -1 h, +10 years", run: jumpingClocks },
  { id: "C06", what: "256 descriptors and 400 clients", run: noDescriptors },
  { id: "C09", what: "readiness and metrics tell what is wrong", run: readiness },
];
