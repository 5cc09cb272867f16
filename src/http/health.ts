/**
 * How the service is, part by part, asked just now. A part that is not well says which traffic it stops: while Redis is
 * away no mail should come, while the log is away no requests should; whatever else is wrong is told, and stops nothing.
 */
import { accessSync, constants } from "node:fs";
import { statfs } from "node:fs/promises";
import { createCanaryAge } from "../canary/age.ts";
import { readCanaryReport } from "../canary/canary.ts";
import type { Config } from "../config/config.ts";
import { messageOf } from "../machine/error-message.ts";
import type { Intake } from "../intake/accept.ts";
import { helpDeskTroubles } from "../outputs/help-desks/desk-health.ts";
import { oldestWaitingAt } from "../queues/upkeep/overview.ts";
import type { Queues } from "../queues/queues.ts";
import type { ServiceProcesses } from "../client/service.ts";
import { watchEventLoop } from "../telemetry/event-loop.ts";
import { certificateProblem } from "../smtp/tls.ts";
import type { Store } from "../store/store.ts";
import { within } from "./within.ts";

export const TRAFFIC = ["smtp", "api"] as const;
export type Traffic = (typeof TRAFFIC)[number];

export interface PartHealth {
  readonly name: string;
  readonly ok: boolean;
  /** What should not come while it is not well. */
  readonly stops: readonly Traffic[];
  /** For an operator: a figure, or what is wrong. */
  readonly found: string | null;
  readonly todo: string | null;
}

export interface HealthOptions {
  readonly config: Config;
  readonly store: Store;
  /** Null: a process without Redis. */
  readonly queues: Queues | null;
  readonly intake: Pick<Intake, "durability" | "memory" | "state"> | null;
  readonly processes: ServiceProcesses;
}

/** However many ask, so often is looked. */
const FRESH_MS = 2000;
const LOW_DISK_BYTES = 128 * 1024 ** 2;
const LATE_INTAKE_MS = 10_000;
const LATE_LOG_MS = 30_000;
const LAG_MS = 500;

export interface Health {
  parts(): Promise<readonly PartHealth[]>;
  close(): void;
}

export function watchHealth(options: HealthOptions): Health {
  const lag = watchEventLoop();
  const canaryAge = createCanaryAge({ now: Date.now, steady: () => performance.now() });
  let asked: { readonly at: number; readonly parts: Promise<readonly PartHealth[]> } | null = null;
  return {
    async parts() {
      if (!asked || performance.now() - asked.at > FRESH_MS)
        asked = { at: performance.now(), parts: lookAtAll(options, canaryAge) };
      return [...(await asked.parts), lagPart(lag.worstMs())];
    },
    close: lag.close,
  };
}

async function lookAtAll(options: HealthOptions, canaryAge: CanaryAge): Promise<readonly PartHealth[]> {
  const { store, queues, processes } = options;
  const found = await Promise.all([
    ...(queues
      ? [
          redisPart(queues),
          promisePart(options),
          backlogParts(queues),
          helpDeskPart(queues, options.config.file.helpDesks),
          canaryPart(queues, options.config, canaryAge),
        ]
      : []),
    ask("store", ["api"], "start the database, or make room on its disk; until then events wait in Redis", () =>
      store.probe().then(() => null),
    ),
    diskPart(options.config),
    processParts(processes),
  ]);
  return [...found.flat(), ...certificatePart(options.config)];
}

const well = (name: string, found: string | null = null): PartHealth => ({
  name,
  ok: true,
  stops: [],
  found,
  todo: null,
});
const bad = (name: string, stops: readonly Traffic[], found: string, todo: string): PartHealth => ({
  name,
  ok: false,
  stops,
  found,
  todo,
});

/** A write, because Redis answers a PING when it is full, cannot write to its disk, or is a replica. */
const redisPart = ({ redis, prefix }: Queues): Promise<PartHealth> =>
  ask("redis", ["smtp"], "start Redis and see its log: bounced doctor; senders get 451 and keep the mail", () =>
    redis.set(`${prefix}:health`, Date.now(), "PX", 60_000).then(() => null),
  );

function promisePart({ intake, config }: HealthOptions): readonly PartHealth[] {
  if (!intake) return [];
  const memory = intake.memory();
  const share = memory && memory.limitBytes > 0 ? memory.usedBytes / memory.limitBytes : 0;
  const used = `${Math.round(share * 100)} % of its memory used`;
  const problems = intake.durability()?.problems ?? [];
  const isUnsafe = config.file.durability.accept === "unsafe";
  return [
    intake.state() === "full"
      ? bad("redis-memory", ["smtp"], used, "consume the queue that grows, or raise maxmemory; senders hear 452")
      : well("redis-memory", used),
    problems.length > 0
      ? bad(
          "redis-durability",
          isUnsafe ? [] : ["smtp"],
          problems.join(" "),
          isUnsafe
            ? "mail is accepted nevertheless (durability.accept: unsafe); bounced doctor names the commands"
            : "senders get 451 if mail would be lost; bounced doctor names the commands",
        )
      : well("redis-durability", isUnsafe ? "durability.accept: unsafe is set, and not needed now" : null),
  ];
}

async function backlogParts(queues: Queues): Promise<readonly PartHealth[]> {
  try {
    return await within(async () => {
      const [intakeAt, logAt, parked] = await Promise.all([
        oldestWaitingAt(queues, "intake"),
        oldestWaitingAt(queues, "record"),
        queues.get("intake").getFailedCount(),
      ]);
      const seconds = (at: number | null): number => (at === null ? 0 : Math.round((Date.now() - at) / 1000));
      const wait = (name: string, at: number | null, lateMs: number, todo: string): PartHealth =>
        seconds(at) * 1000 > lateMs
          ? bad(name, [], `the oldest waits for ${seconds(at)} s`, todo)
          : well(name, `the oldest waits for ${seconds(at)} s`);
      return [
        wait("intake", intakeAt, LATE_INTAKE_MS, "is there a worker, is it alive? bounced serve --role worker"),
        wait("log", logAt, LATE_LOG_MS, "is there a process with the role record, does its database answer?"),
        parked > 0
          ? bad("quarantine", [], `${parked} messages`, "bounced quarantine list")
          : well("quarantine", "empty"),
      ];
    });
  } catch {
    // The part `redis` says so.
    return [];
  }
}

/** One part for all: strangers see names of parts, and which help desks there are is none of theirs. */
async function helpDeskPart(queues: Queues, desks: Config["file"]["helpDesks"]): Promise<readonly PartHealth[]> {
  if (desks.length === 0) return [];
  try {
    const troubles = await within(() => helpDeskTroubles(queues, desks));
    const todo = "bounced doctor checks the keys, bounced help-desks log ID lists the tries; notes wait for a day";
    return [troubles.length === 0 ? well("help-desks") : bad("help-desks", [], troubles.join("; "), todo)];
  } catch {
    return [];
  }
}

type CanaryAge = ReturnType<typeof createCanaryAge>;

async function canaryPart(queues: Queues, { file }: Config, ageOf: CanaryAge): Promise<readonly PartHealth[]> {
  const { everySeconds, lateSeconds } = file.canary;
  if (everySeconds === 0) return [];
  try {
    const report = await within(() => readCanaryReport(queues));
    if (!report) return [well("canary", "none yet")];
    const agoSeconds = Math.round(ageOf(report.at) / 1000);
    if (!report.ok)
      return [
        bad(
          "canary",
          report.stage === "accept" ? ["smtp"] : [],
          `${report.problem} (${agoSeconds} s ago)`,
          "see the other parts",
        ),
      ];
    if (agoSeconds > everySeconds + 2 * lateSeconds)
      return [
        bad(
          "canary",
          [],
          `none for ${agoSeconds} s`,
          "is there a process with the role smtp? bounced serve --role smtp",
        ),
      ];
    return [well("canary", `came through in ${report.seconds.toFixed(2)} s, ${agoSeconds} s ago`)];
  } catch {
    return [];
  }
}

/** With Redis and log of our own on this disk nothing can be kept once it is full. */
async function diskPart({ dataDir, REDIS_URL }: Config): Promise<PartHealth> {
  const stops: readonly Traffic[] = REDIS_URL ? [] : ["smtp"];
  try {
    accessSync(dataDir, constants.W_OK);
    const { bavail, bsize, files, ffree } = await statfs(dataDir);
    const free = `${Math.floor((bavail * bsize) / 1024 ** 2)} MiB free`;
    if (bavail * bsize < LOW_DISK_BYTES) return bad("disk", stops, free, `make room on the disk of ${dataDir}`);
    if (files > 0 && ffree < 1000)
      return bad("disk", stops, `${ffree} inodes free`, `remove files from the disk of ${dataDir}`);
    return well("disk", free);
  } catch (error) {
    return bad("disk", stops, messageOf(error), `let the user that runs bounced write to ${dataDir}`);
  }
}

/** Of the operator: while it cannot be used the listener keeps the one before, or a self-signed one. */
function certificatePart(config: Config): readonly PartHealth[] {
  if (!config.BOUNCED_TLS_CERT) return [];
  const problem = certificateProblem(config);
  return [
    problem === null
      ? well("certificate")
      : bad("certificate", [], problem, `correct ${config.BOUNCED_TLS_CERT} and its key; no restart is needed`),
  ];
}

async function processParts(processes: ServiceProcesses): Promise<readonly PartHealth[]> {
  try {
    return (await processes.states()).map(({ name, roles, pid, state, answers, restarts, lastEnd }) => {
      const part = `process ${name}`;
      const again = restarts === 0 ? "" : `, started again ${restarts} times`;
      if (state === "running" && answers) return well(part, `pid ${pid}${again}`);
      const what =
        state === "running" ? `pid ${pid} does not answer` : `${state}${lastEnd === null ? "" : `: ${lastEnd}`}`;
      const stops: Traffic[] = [];
      if (roles.includes("smtp")) stops.push("smtp");
      if (roles.includes("http")) stops.push("api");
      return bad(part, stops, `${what}${again}`, "the log says why; it is started again by itself");
    });
  } catch (error) {
    return [bad("supervisor", ["smtp", "api"], messageOf(error), "start the service again")];
  }
}

/** Of this process, over the last whole window. */
function lagPart(ms: number): PartHealth {
  const found = `held up for ${ms} ms`;
  return ms > LAG_MS
    ? bad("event-loop", [], found, "the machine is short of processor time, or a search is too large")
    : well("event-loop", `${found} at most`);
}

/** A part that does not answer in time is away. */
async function ask(
  name: string,
  stops: readonly Traffic[],
  todo: string,
  question: () => Promise<string | null>,
): Promise<PartHealth> {
  try {
    return well(name, await within(question));
  } catch (error) {
    return bad(name, stops, messageOf(error), todo);
  }
}
