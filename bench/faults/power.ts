/**
 * A power cut without pulling a plug: the files of Redis lie on a loop-mounted ext4 which is shut down (FS_IOC_SHUTDOWN,
 * no flush), so that whatever was not synced is gone; then everything is killed and the file system mounted again.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openIntake } from "../../src/intake/accept.ts";
import { readWhole } from "../../src/intake/message.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { waitingMessages } from "../../test/support/intake.ts";
import { provideRedisBinary } from "../../src/redis/binary.ts";
import { startPrivateRedis } from "../../src/redis/private-server.ts";
import type { Outcome, Run, Scenario } from "./scenario.ts";

const SHUT_DOWN = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))
`;

const CUTS_A_ROUND = 2.5;

/** Messages are accepted until the cut; after it, every one that was acknowledged must be on the intake queue. */
async function cutPower({ rounds: share, dice }: Run): Promise<Outcome> {
  const rounds = Math.ceil(share * CUTS_A_ROUND);
  const folder = mkdtempSync(join(tmpdir(), "bounced-power-"));
  const [image, mount] = [join(folder, "disk.img"), join(folder, "disk")];
  mkdirSync(mount);
  execFileSync("truncate", ["-s", "512M", image]);
  execFileSync("mkfs.ext4", ["-q", image]);
  const binary = provideRedisBinary({ mayInstall: false, announce: () => undefined });
  let acked = 0;
  let missing = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      execFileSync("mount", ["-o", "loop", image, mount]);
      const redis = await startPrivateRedis({ binary, folder: join(mount, "redis") });
      const intake = openIntake({
        redisUrl: redis.url,
        prefix: "bounced",
        acceptMs: 2000,
        durability: { replicas: 0, accept: "durable" },
        onDurability: () => undefined,
      });
      const ids = new Set<string>();
      const power = { isOn: true };
      const send = async (sender: number): Promise<void> => {
        for (let n = 0; power.isOn; n++) {
          const message = readWhole(Buffer.from(`Subject: ${round} ${sender} ${n}\r\n`), 1000);
          const envelope = { reversePath: "", forwardPaths: ["b@bounces.example.com"], remoteAddress: null };
          await intake.accept(message, envelope).then(
            (id) => power.isOn && ids.add(id),
            () => undefined,
          );
        }
      };
      const senders = Array.from({ length: 32 }, (_, sender) => send(sender));
      await sleep(dice.between(500, 2500));
      power.isOn = false;
      execFileSync("python3", ["-c", SHUT_DOWN, mount]);
      const pid = redis.pid();
      if (pid !== null) process.kill(pid, "SIGKILL");
      await Promise.all(senders);
      await intake.close();
      await redis.stop();
      execFileSync("umount", [mount]);

      execFileSync("mount", ["-o", "loop", image, mount]);
      const again = await startPrivateRedis({ binary, folder: join(mount, "redis") });
      const queues = openQueues({ redisUrl: again.url, prefix: "bounced" });
      const present = new Set((await waitingMessages(queues)).map(({ id }) => id));
      acked += ids.size;
      missing += [...ids].filter((id) => !present.has(id)).length;
      await queues.get("intake").obliterate({ force: true });
      await queues.close();
      await again.stop();
      execFileSync("umount", [mount]);
    }
  } finally {
    spawnSync("umount", [mount]);
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    pass: acked > 0 && missing === 0,
    figures: `${rounds} cuts, ${acked} acknowledged, ${missing} missing`,
    counted: { acked, followed: 0, crashes: rounds, redelivered: 0, ackMs: [], doneMs: [] },
  };
}

export const POWER: readonly Scenario[] = [
  { id: "A08", what: "power cut under the files of Redis (ext4 shut down, journal replayed)", run: cutPower },
];
