/**
 * The service in several processes: this one starts Redis and them, starts again what ends, and answers for all of
 * them. It takes no mail and reads none, so that nothing which comes from outside can end it.
 */
import { join } from "node:path";
import { loadConfig, type Config } from "../config/config.ts";
import { provideRedis } from "../redis/provide.ts";
import { createLogger } from "../telemetry/logger.ts";
import { linesOf, noteRedis } from "./banner.ts";
import type { Answers, ProcessQuestion, RoleNotes } from "./messages.ts";
import { awaitOrphans, notePids } from "./orphans.ts";
import type { ProcessGroup } from "./process-groups.ts";
import { provideKeys } from "./provide-keys.ts";
import { superviseProcess, type SupervisedProcess } from "./supervised-process.ts";

export interface SupervisedService {
  readonly notes: readonly string[];
  /** Reads the settings again; processes whose settings have changed are restarted, but for the listener. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  readonly config: Config;
  readonly groups: readonly ProcessGroup[];
  readonly print: (line: string) => void;
  /** Resolves when the service is to stop: also while it waits for a process that cannot start yet. */
  readonly stopAsked: Promise<unknown>;
  /** Hears how to end everything at once, from the moment on when there is something to end. */
  readonly onKillable: (kill: () => void) => void;
}

/** Sections of bounced.yaml that the listener reads at its start. */
const LISTENER_SECTIONS = ["returnPath", "smtp", "durability", "canary"] as const;

/** Resolves when every role runs. Rejects, and leaves nothing behind, if one of them cannot. */
export async function superviseService({
  config,
  groups,
  print,
  stopAsked,
  onKillable,
}: SuperviseOptions): Promise<SupervisedService> {
  const logger = createLogger(config.BOUNCED_LOG_LEVEL);
  await awaitOrphans(config.dataDir, print);
  const redis = await provideRedis(config, noteRedis(logger, print));
  const { keys, notes: keyNotes } = await provideKeys(config, redis.url).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  const environment = {
    // Reading the modules again is half of a process's start.
    NODE_COMPILE_CACHE: join(config.dataDir, "cache"),
    ...process.env,
    REDIS_URL: redis.url,
    REDIS_URL_FILE: "",
    BOUNCED_SECRET: keys.join(","),
    BOUNCED_SECRET_FILE: "",
  };
  const answer = async (question: ProcessQuestion): Promise<Answers[ProcessQuestion]> => {
    if (question === "states") return Promise.all(processes.map(async (one) => one.state(await answers(one))));
    if (question !== "allMetrics") throw new Error(`${question}: asked of processes, not of their supervisor`);
    const asked = await Promise.all(processes.map((one) => one.ask("metrics").catch(() => [])));
    return asked.filter((families) => families.length > 0);
  };
  const onChange = (): void => notePids(config.dataDir, pidsOf(processes));
  const processes = groups.map((group) => superviseProcess({ group, environment, logger, answer, onChange }));
  onKillable(() => processes.forEach((one) => one.kill()));
  let settings = JSON.stringify(config.file);
  const reload = async (): Promise<void> => {
    for (const one of processes) one.reload();
    let fresh: Config;
    try {
      fresh = loadConfig();
    } catch (error) {
      return logger.error({ err: error }, "SIGHUP: the settings have mistakes; the old ones stay in effect");
    }
    const found = JSON.stringify(fresh.file);
    if (found === settings) return logger.info("SIGHUP: certificates are reloaded, bounced.yaml has not changed");
    const listening = LISTENER_SECTIONS.filter(
      (name) => JSON.stringify(fresh.file[name]) !== JSON.stringify((JSON.parse(settings) as Config["file"])[name]),
    );
    settings = found;
    const others = processes.filter(({ group }) => !group.roles.includes("smtp"));
    logger.info({ processes: others.map(({ group }) => group.name) }, "SIGHUP: bounced.yaml has changed");
    for (const one of others) await one.restart();
    if (listening.length > 0)
      logger.warn(
        { sections: listening },
        "SIGHUP: the listener keeps the old values of these sections of bounced.yaml until bounced is restarted",
      );
  };
  const stop = async (): Promise<void> => {
    // Ways in first, so that the workers finish what has come, then who takes what they hand out.
    for (const stage of [0, 1, 2])
      await Promise.all(processes.filter(({ group }) => stopStage(group) === stage).map((one) => one.stop()));
    notePids(config.dataDir, []);
    await redis.stop();
  };
  let isStarting = true;
  void stopAsked.then(() => (isStarting ? stop() : undefined));
  try {
    const notes: RoleNotes[] = [];
    for (const stage of [0, 1, 2]) {
      const due = processes.filter(({ group }) => startStage(group) === stage);
      if (stage > 0) for (const one of processes) one.load();
      notes.push(...(await Promise.all(due.map((one) => one.start()))).flat());
    }
    isStarting = false;
    const pids = processes.map((one) => `${one.group.name} ${one.pid() ?? ""}`);
    return { notes: linesOf(notes, [...keyNotes, `processes: ${pids.join(", ")}`], config, redis), reload, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The listener alone at first: senders wait for it. The classify worker last: what it hands out before the log has said
 * that it wants events would never get there.
 */
const startStage = ({ roles }: ProcessGroup): number => (roles.includes("worker") ? 2 : roles.includes("smtp") ? 0 : 1);
const stopStage = ({ roles }: ProcessGroup): number =>
  roles.includes("worker") ? 1 : roles.includes("record") ? 2 : 0;

const answers = (one: SupervisedProcess): Promise<boolean> =>
  one.ask("ping").then(
    () => true,
    () => false,
  );

const pidsOf = (processes: readonly SupervisedProcess[]): readonly number[] =>
  processes.map((one) => one.pid()).filter((pid) => pid !== null);
