import { Command, InvalidArgumentError } from "commander";
import { loadConfig, type Config } from "../../config/config.ts";
import { announceService } from "../../client/find-service.ts";
import { isRole, ROLES, type Role } from "../../client/service.ts";
import { processGroups, usableMemory } from "../../supervisor/process-groups.ts";
import { paint } from "../terminal.ts";

interface Stoppable {
  readonly notes: readonly string[];
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** `bounced serve`: every role, in processes of their own; or those that --role names, in this one. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Run the service: receive returned mail, classify it, emit events.")
    .option("--role <roles>", `Run only these, in one process, separated by commas: ${ROLES.join(", ")}`, parseRoles)
    .action(async ({ role }: { readonly role?: readonly Role[] }, command: Command) => {
      const asked = listenForSignals();
      console.log(`bounced ${command.parent?.version() ?? ""} is starting on Node ${process.version} ...`);
      const config = loadConfig();
      const service = role ? await serveInOneProcess(config, role) : await serveInProcesses(config, asked);
      announceService(config);
      console.log(`${paint.bold("bounced")} is running. Ctrl-C stops it.`);
      for (const note of service.notes) console.log(`  ${note}`);
      asked.onReload(() => void service.reload());
      const signal = await asked.first;
      console.log(`${signal}: finishing the work in progress ...`);
      await service.stop();
      console.log("Stopped.");
    });
}

/** Each way is loaded when it is taken: a supervisor needs little, and stays small. */
async function serveInOneProcess(config: Config, roles: readonly Role[]): Promise<Stoppable> {
  const { runInOneProcess } = await import("../../supervisor/one-process.ts");
  return runInOneProcess(config, new Set(roles), (line) => console.log(line));
}

async function serveInProcesses(
  config: Config,
  { first, onSecond }: Pick<ReturnType<typeof listenForSignals>, "first" | "onSecond">,
): Promise<Stoppable> {
  const { superviseService } = await import("../../supervisor/supervise.ts");
  const print = (line: string): void => console.log(line);
  return superviseService({
    config,
    groups: processGroups(usableMemory(), config.BOUNCED_POLICY_PORT === undefined ? ["policy"] : []),
    print,
    stopAsked: first,
    onKillable: onSecond,
  });
}

/** Listens from the first moment: a signal while we start must not leave Redis behind. A second one ends us at once. */
function listenForSignals(): {
  readonly first: Promise<NodeJS.Signals>;
  readonly onSecond: (action: () => void) => void;
  readonly onReload: (action: () => void) => void;
} {
  const { promise: first, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isAsked = false;
  let atOnce = (): void => undefined;
  const hear = (signal: NodeJS.Signals, code: number): void => {
    if (isAsked) {
      atOnce();
      process.exit(code);
    }
    isAsked = true;
    resolve(signal);
  };
  process.on("SIGINT", (signal) => hear(signal, 130)).on("SIGTERM", (signal) => hear(signal, 143));
  let again = (): void => undefined;
  process.on("SIGHUP", () => again());
  return { first, onSecond: (action) => (atOnce = action), onReload: (action) => (again = action) };
}

function parseRoles(value: string): Role[] {
  const words = value.split(",").map((word) => word.trim());
  const wrong = words.find((word) => !isRole(word));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is not one of ${ROLES.join(", ")}`);
  return words.filter(isRole);
}
