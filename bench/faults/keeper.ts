/** One role of the service as a process of its own, which is started again whenever it ends. */
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestService, type TestService } from "../../test/support/service.ts";

const POINTS = pathToFileURL(join(import.meta.dirname, "points.ts")).href;

export interface Keeper {
  readonly role: string;
  /** Null while it is being started again. */
  service(): TestService | null;
  /** kill -9, as soon as it runs; it comes back by itself. */
  kill(): Promise<void>;
  /** How often it ended unasked, by us or by itself. */
  deaths(): number;
  /** From its end to being ready again, ms. */
  readonly restartsMs: readonly number[];
  stop(): Promise<void>;
}

export interface KeeperOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly role: string;
  /** FAULT for the next start (points.ts); null for none. */
  readonly fault?: () => string | null;
  readonly onDeath: () => void;
}

export const withFault = (fault: string | null): Record<string, string> =>
  fault === null ? {} : { NODE_OPTIONS: `--import ${POINTS}`, FAULT: fault };

export async function keep({ environment, role, fault = () => null, onDeath }: KeeperOptions): Promise<Keeper> {
  const restartsMs: number[] = [];
  const state = { isStopping: false, deaths: 0, service: null as TestService | null };
  let reviving: Promise<void> = Promise.resolve();
  const start = async (): Promise<void> => {
    const started = await startTestService({ ...environment, ...withFault(fault()) }, role);
    state.service = started;
    started.process.once("exit", () => {
      if (state.isStopping) return;
      state.service = null;
      state.deaths++;
      onDeath();
      reviving = revive();
    });
  };
  const revive = async (): Promise<void> => {
    const endedAt = performance.now();
    while (!state.service && !state.isStopping) await start().catch(() => sleep(100));
    restartsMs.push(performance.now() - endedAt);
  };
  await start();
  // A harness that fails leaves nothing behind.
  process.once("exit", () => state.service?.process.kill("SIGKILL"));
  return {
    role,
    service: () => state.service,
    restartsMs,
    deaths: () => state.deaths,
    async kill() {
      while (!state.service) await sleep(20);
      const { process: victim } = state.service;
      const ended = once(victim, "exit");
      victim.kill("SIGKILL");
      await ended;
    },
    async stop() {
      state.isStopping = true;
      await reviving;
      await state.service?.stop();
    },
  };
}
