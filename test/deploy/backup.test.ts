/** The commands of docs/deploy.md, "Backup and restore", as they stand there, at a random moment under load. */
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startInjector } from "../../bench/faults/injector.ts";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { startTestService } from "../support/service.ts";

const run = promisify(execFile);
const section = readFileSync("docs/deploy.md", "utf8").split("## Backup and restore")[1]?.split("\n## ")[0] ?? "";
const [backup = "", restore = ""] = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text);

test("what was accepted before the backup is in the restored log, once", { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-backup-"));
  const dataDir = join(folder, "data");
  writeFileSync(join(folder, "bounced"), `#!/bin/sh\nexec ${process.execPath} ${resolve("src/cli/main.ts")} "$@"\n`);
  chmodSync(join(folder, "bounced"), 0o755);
  const shell = (text: string) =>
    run("sh", ["-euc", text], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env["PATH"]}`, BOUNCED_DATA_DIR: dataDir },
    });
  const start = () => startTestService({ BOUNCED_DATA_DIR: dataDir }, "smtp,worker,record");

  const first = await start();
  const injector = startInjector({
    port: () => first.smtpPort,
    prefix: "b",
    connections: 4,
    ledger: join(folder, "ledger"),
  });
  await expect.poll(() => injector.acked.size, { timeout: 60_000, interval: 20 }).toBeGreaterThan(50);
  await sleep(Math.random() * 1000);
  const before = [...injector.acked];
  await shell(backup);
  await injector.finish();
  await first.kill();
  process.kill(Number(readFileSync(join(dataDir, "redis", "server.pid"), "utf8")), "SIGKILL");
  rmSync(dataDir, { recursive: true });

  await shell(restore.replace(/^bounced serve$/m, ""));
  const second = await start();
  const counts = async (): Promise<ReadonlyMap<string, number>> => {
    const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
    const found = new Map<string, number>();
    for await (const { event } of store.iterate({})) {
      const id = /^user-(.+)@/.exec(event.recipient.address ?? "")?.[1] ?? "";
      found.set(id, (found.get(id) ?? 0) + 1);
    }
    await store.close();
    return found;
  };
  const missing = async (): Promise<readonly string[]> => {
    const found = await counts();
    return before.filter((id) => !found.has(id));
  };
  await expect.poll(missing, { timeout: 60_000, interval: 500 }).toEqual([]);
  expect([...(await counts()).values()].filter((times) => times !== 1)).toEqual([]);
  expect(before.length).toBeGreaterThan(50);
  await second.stop();
  rmSync(folder, { recursive: true });
});
