/** One process of the service: started, started again whenever it ends, asked, stopped. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { ProcessState } from "../client/service.ts";
import { siblingModule } from "../machine/sibling-module.ts";
import type { Logger } from "../telemetry/logger.ts";
import { createConversation, type Answers, type Message, type ProcessQuestion, type RoleNotes } from "./messages.ts";
import type { ProcessGroup } from "./process-groups.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** A process that ran for so long is healthy: its next end is the first of a new row. */
const HEALTHY_MS = 60_000;
/** Ends in a row after which it is no accident any more. */
const LOOP = 5;
/** Longer than any role's own deadline. */
const STOP_MS = 30_000;

export interface SupervisedProcess {
  readonly group: ProcessGroup;
  /** Null while there is none. */
  pid(): number | null;
  /** Begins to load its modules. */
  load(): void;
  /** Lets it start its roles; resolves when they run. Rejects if they cannot, the first time. */
  start(): Promise<readonly RoleNotes[]>;
  state(answers: boolean): ProcessState;
  /** Rejects when it does not answer. */
  ask<Asked extends ProcessQuestion>(question: Asked): Promise<Answers[Asked]>;
  /** Lets it read again what it can while it runs. */
  reload(): void;
  /** Ends it in good order and starts another one, which reads all settings. Resolves when the old one has ended. */
  restart(): Promise<void>;
  /** In good order; by force where that takes too long. */
  stop(): Promise<void>;
  /** At once. */
  kill(): void;
}

export interface SupervisedProcessOptions {
  readonly group: ProcessGroup;
  readonly environment: NodeJS.ProcessEnv;
  readonly logger: Logger;
  /** What the process asks of the service. */
  readonly answer: (question: ProcessQuestion) => Promise<Answers[ProcessQuestion]>;
  /** A new process is there, or one has ended. */
  readonly onChange: () => void;
}

export function superviseProcess(options: SupervisedProcessOptions): SupervisedProcess {
  const { group, environment, logger, answer, onChange } = options;
  const first = Promise.withResolvers<readonly RoleNotes[]>();
  // Who awaits start() hears it.
  first.promise.catch(() => undefined);
  let state: ProcessState["state"] = "starting";
  let wasReady = false;
  let mayStart = false;
  let isStopping = false;
  let isRestarting = false;
  let restarts = 0;
  let inARow = 0;
  let lastEnd: string | null = null;
  let pause: NodeJS.Timeout | undefined;

  const tell = (child: ChildProcess, message: Message): void => {
    if (child.connected) child.send(message, () => undefined);
  };

  const spawn = () => {
    // Detached: Ctrl-C reaches the whole process group, and who ends when is for us to say.
    const child = fork(siblingModule(import.meta.url, "role-process"), [group.roles.join(","), group.name], {
      env: environment,
      detached: true,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const conversation = createConversation((message) => tell(child, message), answer);
    const startedAt = performance.now();
    let reason: string | null = null;
    let isFinal = false;
    state = "starting";
    child.on("message", (message: Message) => {
      if (conversation.hear(message)) return;
      if (message.kind === "failed") ({ reason, isFinal } = message);
      if (message.kind !== "ready") return;
      state = "running";
      if (wasReady) logger.warn({ process: group.name, pid: child.pid }, "the process runs again");
      wasReady = true;
      first.resolve(message.notes);
    });
    child.on("error", (error) => (reason = error.message));
    child.once("exit", (code, signal) => {
      lastEnd = reason ?? (signal ? `ended by ${signal}` : `ended with code ${code}`);
      onChange();
      if (isStopping) state = "stopped";
      else if (isRestarting) {
        isRestarting = false;
        current = spawn();
        onChange();
      }
      // The listener must run, and what can never run is said at once. Else a death at the start is one like any other.
      else if (!wasReady && (isFinal || group.roles.includes("smtp")))
        first.reject(new Error(reason ?? `the process ${group.name} ${lastEnd} while it started`));
      else startAgain(performance.now() - startedAt);
    });
    if (mayStart) tell(child, { kind: "start" });
    return { child, conversation };
  };

  const startAgain = (ranForMs: number): void => {
    restarts++;
    inARow = ranForMs > HEALTHY_MS ? 1 : inARow + 1;
    state = "waiting to restart";
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (inARow - 1), LONGEST_PAUSE_MS);
    const facts = { process: group.name, roles: group.roles, why: lastEnd, inARow, pauseMs };
    if (inARow < LOOP) logger.error(facts, "a process exited; it is restarted, the others keep running");
    else
      logger.error(
        facts,
        "a process keeps exiting; the others keep running. Its last log lines name the cause: correct it, no restart is needed",
      );
    pause = setTimeout(() => {
      current = spawn();
      onChange();
    }, pauseMs);
  };

  let current: ReturnType<typeof spawn> | null = null;
  /** The process, unless it has ended. */
  const alive = (): ChildProcess | null =>
    current?.child.exitCode === null && current.child.signalCode === null ? current.child : null;
  const load = (): void => {
    if (current || isStopping) return;
    current = spawn();
    onChange();
  };

  return {
    group,
    load,
    pid: () => alive()?.pid ?? null,
    start() {
      mayStart = true;
      const child = alive();
      if (child) tell(child, { kind: "start" });
      else load();
      return first.promise;
    },
    state: (answers) => ({ ...group, pid: alive()?.pid ?? null, state, answers, restarts, lastEnd }),
    ask: (question) =>
      current && state === "running"
        ? current.conversation.ask(question)
        : Promise.reject(new Error(`${group.name} does not run`)),
    reload() {
      const child = alive();
      if (child) tell(child, { kind: "reload" });
    },
    async restart() {
      const child = alive();
      if (!child || isStopping || state !== "running") return;
      isRestarting = true;
      const ended = once(child, "exit");
      tell(child, { kind: "stop" });
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(killer);
    },
    async stop() {
      isStopping = true;
      clearTimeout(pause);
      // Whoever waits for its start waits no longer.
      first.resolve([]);
      const child = alive();
      if (!child) return;
      const ended = once(child, "exit");
      tell(child, { kind: "stop" });
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(killer);
    },
    kill() {
      isStopping = true;
      clearTimeout(pause);
      alive()?.kill("SIGKILL");
    },
  };
}
