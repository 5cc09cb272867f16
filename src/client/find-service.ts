/**
 * Where the service of this machine keeps its data, for programs that were not started with its settings: commands in
 * another folder, consumers in a project of their own. `serve` leaves `service.json` in its data directory and a copy in
 * the user's state folder (XDG Base Directory); neither holds a secret. Nothing here makes a file but `announceService`.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { ConfigError, environmentSchema, loadConfig, type Config } from "../config/config.ts";
import { hideInUrl, SECRETS } from "../machine/secrets.ts";
import { privateFolder } from "../redis/private-socket.ts";

type Variables = Readonly<Record<string, string | undefined>>;

const FILE = "service.json";
const NOWHERE = "/nonexistent";
/** The data directory of the systemd unit in deploy/. */
const SYSTEM_DATA_DIR = "/var/lib/bounced";
/** Relative in the service's folder, so they are kept absolute. */
const PATHS = ["BOUNCED_CONFIG", "BOUNCED_RULES", "BOUNCED_TLS_CERT", "BOUNCED_TLS_KEY", "BOUNCED_API_TOKENS"];
/** What a program needs of a service. */
export type Need = "log" | "redis" | "data" | "key";

const noteSchema = z.object({
  schema: z.literal("bounced.service/1"),
  dataDir: z.string(),
  /** What was set, without secrets. */
  environment: z.record(z.string(), z.string()),
  /** Names of variables that were set and are not in here. */
  secrets: z.array(z.string()),
});
export type ServiceNote = z.infer<typeof noteSchema>;

/** There is no service to ask. `message` says where it was looked for and what to set. Exit status 2. */
export class NoServiceError extends ConfigError {
  override name = "NoServiceError";
}

export interface FoundService {
  /** Null: nowhere. */
  readonly dataDir: string | null;
  readonly note: ServiceNote | null;
  /** One line for each place. */
  readonly looked: readonly string[];
}

/** Looks in one place if BOUNCED_DATA_DIR names it, else in ./data, in what the user's last `serve` noted, in the system's. */
export function findService(environment: Variables = process.env, folder = process.cwd()): FoundService {
  const given = environment["BOUNCED_DATA_DIR"];
  if (given) {
    const dataDir = resolve(folder, given);
    return { dataDir, note: readNote(join(dataDir, FILE)), looked: [`BOUNCED_DATA_DIR: ${dataDir}`] };
  }
  const here = join(folder, "data");
  const pointer = userNotePath(environment);
  const places = [
    { place: here, dataDir: here },
    ...(pointer === null ? [] : [{ place: pointer, dataDir: readNote(pointer)?.dataDir ?? pointer }]),
    { place: SYSTEM_DATA_DIR, dataDir: SYSTEM_DATA_DIR },
  ];
  const looked: string[] = [];
  for (const { place, dataDir } of places) {
    if (isDataDir(dataDir)) return { dataDir, note: readNote(join(dataDir, FILE)), looked };
    looked.push(`${place}: ${place === dataDir ? "" : `names ${dataDir}, which `}${problemAt(dataDir)}`);
  }
  return { dataDir: null, note: null, looked };
}

/**
 * The settings of the service that runs here or ran here: its own, then what the environment of this program sets.
 * Throws NoServiceError where what is needed does not exist.
 */
export function loadServiceConfig(need: Need, environment: Variables = process.env): Config {
  const found = findService(environment);
  const config = configOf(found, environment);
  const missing = (found.note?.secrets ?? []).filter((name) => !environment[name] && !environment[`${name}_FILE`]);
  const lacks = (name: string): boolean => missing.includes(name);
  if (need === "log") {
    if (config.DATABASE_URL) return config;
    if (lacks("DATABASE_URL")) throw new NoServiceError(notSet("DATABASE_URL", found));
    if (found.dataDir !== null && exists(join(found.dataDir, "log.sqlite"))) return config;
    throw new NoServiceError(nothingFound("no log", ["DATABASE_URL: not set", ...found.looked], found));
  }
  if (need === "redis") {
    if (config.REDIS_URL) return config;
    if (lacks("REDIS_URL")) throw new NoServiceError(notSet("REDIS_URL", found));
    if (found.dataDir !== null && exists(privateFolder(found.dataDir))) return config;
    throw new NoServiceError(nothingFound("no service", ["REDIS_URL: not set", ...found.looked], found));
  }
  if (need === "key" && lacks("BOUNCED_SECRET")) throw new NoServiceError(notSet("BOUNCED_SECRET", found));
  if (need === "data" && found.dataDir === null)
    throw new NoServiceError(nothingFound("no data directory", found.looked, found));
  return config;
}

/** For what needs no service: the settings of one that is here, else the defaults, and then no data directory is read. */
export function loadConfigOfAny(environment: Variables = process.env): Config {
  const found = findService(environment);
  return configOf(found.dataDir === null ? { ...found, dataDir: NOWHERE } : found, environment);
}

function configOf({ dataDir, note }: FoundService, environment: Variables): Config {
  const own = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  return loadConfig({ ...note?.environment, ...own, ...(dataDir === null ? {} : { BOUNCED_DATA_DIR: dataDir }) });
}

/** Called by `serve`. The copy in the state folder is a convenience: where it cannot be written, nothing is lost. */
export function announceService(config: Config, environment: Variables = process.env): void {
  const set = Object.keys(environmentSchema.shape).filter((name) => environment[name] || environment[`${name}_FILE`]);
  const isSecret = (name: string): boolean => {
    const value = environment[name];
    const schema = environmentSchema.shape[name as keyof typeof environmentSchema.shape];
    return !value || SECRETS.has(schema) || hideInUrl(value) !== value;
  };
  const note: ServiceNote = {
    schema: "bounced.service/1",
    dataDir: config.dataDir,
    environment: Object.fromEntries(
      set
        .filter((name) => name !== "BOUNCED_DATA_DIR" && !isSecret(name))
        .map((name) => [name, PATHS.includes(name) ? resolve(environment[name] ?? "") : (environment[name] ?? "")]),
    ),
    secrets: set.filter(isSecret),
  };
  const pointer = userNotePath(environment);
  for (const path of [join(config.dataDir, FILE), ...(pointer === null ? [] : [pointer])])
    try {
      mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch {
      // a home that cannot be written to
    }
}

/** `$XDG_STATE_HOME/bounced/service.json`, by default below ~/.local/state; null for a user without a home. */
function userNotePath({ XDG_STATE_HOME: state, HOME: home }: Variables): string | null {
  const folder = state || (home ? join(home, ".local/state") : null);
  return folder === null ? null : join(folder, "bounced", FILE);
}

function readNote(path: string): ServiceNote | null {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** A folder called data may be anybody's, and so may a folder redis in it. */
const isDataDir = (dataDir: string): boolean =>
  [FILE, "log.sqlite", "redis/owner.pid"].some((name) => exists(join(dataDir, name)));

const exists = (path: string): boolean => codeAt(path) === null;

function problemAt(path: string): string {
  const code = codeAt(path) ?? codeAt(join(path, FILE));
  return code === "EACCES" ? "this user may not read it" : codeAt(path) ? "does not exist" : "has no data of bounced";
}

function codeAt(path: string): string | null {
  try {
    statSync(path);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}

const nothingFound = (what: string, looked: readonly string[], { dataDir }: FoundService): string =>
  [
    `${what} of bounced found. Looked at:`,
    ...looked.map((line) => `  ${line}`),
    dataDir === null
      ? "Set BOUNCED_DATA_DIR (or --data-dir) to the data directory that `bounced serve` prints when it starts, or start the service here."
      : "Start the service once with this data directory, or correct BOUNCED_DATA_DIR (--data-dir).",
  ].join("\n");

const notSet = (name: string, { dataDir }: FoundService): string =>
  `${name} is not set here, and the service of ${dataDir} has it. Secrets are not shared between programs: set ${name} to the same value.`;
