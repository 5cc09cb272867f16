/**
 * What an error of the system, of a driver or of a socket means for the person who set the settings: the setting, its
 * value and the next step, in our words. Null for every other error: its own message has to do.
 */
import type { Config } from "./config.ts";
import { messageOf } from "../machine/error-message.ts";
import { privateFolder } from "../redis/private-socket.ts";
import { hideInUrl } from "../machine/secrets.ts";
import { describeRedisUrl, portsOf } from "../redis/url.ts";

type Settings = Pick<
  Config,
  | "DATABASE_URL"
  | "REDIS_URL"
  | "dataDir"
  | "BOUNCED_SMTP_HOST"
  | "BOUNCED_SMTP_PORT"
  | "BOUNCED_LMTP_PORT"
  | "BOUNCED_HTTP_HOST"
  | "BOUNCED_HTTP_PORT"
>;

interface SystemError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
  readonly errors?: readonly unknown[];
}

export function inPlainWords(thrown: unknown, settings: Settings): string | null {
  const error = innermost(thrown);
  if (error === null) return null;
  if (error.syscall === "listen") return listenWords(error, settings);
  const refused = connectionWords(error, settings);
  if (refused !== null) return refused;
  return fileWords(error, settings);
}

/** For the end of a program. */
export const sayPlainly = (thrown: unknown, settings: Settings | null): string =>
  (settings && inPlainWords(thrown, settings)) ?? messageOf(thrown);

/** A host with two addresses fails with an error for each; a wrapped error keeps what it wraps. */
function innermost(thrown: unknown): SystemError | null {
  if (!(thrown instanceof Error)) return null;
  const error: SystemError = thrown;
  if (error.code !== undefined && error.message !== "") return error;
  return innermost(error.errors?.[0] ?? error.cause) ?? (error.code === undefined ? null : error);
}

function listenWords({ code, port, address }: SystemError, settings: Settings): string | null {
  const [portName, hostName] = (
    [
      ["BOUNCED_SMTP_PORT", "BOUNCED_SMTP_HOST"],
      ["BOUNCED_HTTP_PORT", "BOUNCED_HTTP_HOST"],
      ["BOUNCED_LMTP_PORT", "BOUNCED_SMTP_HOST"],
    ] as const
  ).find(([name]) => settings[name] === port) ?? ["BOUNCED_SMTP_PORT", "BOUNCED_SMTP_HOST"];
  const place = `${address?.includes(":") ? `[${address}]` : address}:${port}`;
  if (code === "EADDRINUSE")
    return `${portName}=${port}: another program already listens on ${place}. Stop it (is bounced running twice?), or set ${portName} to a free port.`;
  if (code === "EACCES")
    return `${portName}=${port}: this user may not listen on ${place}. Ports below 1024 need root or CAP_NET_BIND_SERVICE (deploy/systemd); or set ${portName} to a higher port.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return `${hostName}=${settings[hostName]}: this machine has no such address. Set ${hostName} to one of its own, or 0.0.0.0 for all.`;
  return null;
}

const NO_ANSWER: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOENT: "there is no such socket",
  ENOTFOUND: "the host name is not in the DNS",
  EAI_AGAIN: "the DNS does not answer",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "the connection was closed",
};
/** PostgreSQL's SQLSTATEs, and what its driver says before there is one. */
const POSTGRES: Readonly<Record<string, string>> = {
  "28P01": "the password is wrong",
  "28000": "this user may not connect",
  "3D000": "the database does not exist: create it, empty",
  "42501": "this user may not create tables in it",
  "53300": "it has no free connections",
  "57P03": "it is starting up or shutting down",
};

function connectionWords(error: SystemError, settings: Settings): string | null {
  const { code = "", syscall } = error;
  const sqlState = settings.DATABASE_URL ? POSTGRES[code] : undefined;
  if (sqlState !== undefined)
    return `DATABASE_URL=${hideInUrl(settings.DATABASE_URL)}: PostgreSQL answers, but ${sqlState} (${error.message}).`;
  if (syscall !== "connect" && syscall !== "getaddrinfo") return null;
  const why = NO_ANSWER[code];
  if (why === undefined) return null;
  const { hostname = "" } = error as { hostname?: string };
  const isAt = (url: string, ports: readonly number[]): boolean =>
    hostname === "" ? ports.includes(error.port ?? 0) : url.includes(hostname);
  if (settings.DATABASE_URL && isAt(settings.DATABASE_URL, [postgresPort(settings.DATABASE_URL)]))
    return `DATABASE_URL=${hideInUrl(settings.DATABASE_URL)}: PostgreSQL does not answer: ${why} (${code}). Start it, or correct DATABASE_URL; without it the log is kept in SQLite.`;
  if (settings.REDIS_URL && (error.path !== undefined || isAt(settings.REDIS_URL, portsOf(settings.REDIS_URL))))
    return `REDIS_URL=${describeRedisUrl(settings.REDIS_URL)}: Redis does not answer: ${why} (${code}). Start it, or correct REDIS_URL; without it bounced starts a private one.`;
  return null;
}

const postgresPort = (url: string): number => Number((URL.canParse(url) ? new URL(url).port : "") || 5432);

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "it, or a part of it, is a file",
  EEXIST: "it is a file",
};

function fileWords({ code = "", path, message }: SystemError, { dataDir }: Settings): string | null {
  if (code === "EEXIST" && path !== undefined && path !== dataDir)
    return `${path} exists already: name a file that does not`;
  const problem = FILE_PROBLEMS[code];
  const isOurs = path?.startsWith(dataDir) || message.includes(privateFolder(dataDir));
  if (problem === undefined || !isOurs) return null;
  const isOwn = path === undefined || path === dataDir || path.startsWith(privateFolder(dataDir));
  return `BOUNCED_DATA_DIR=${dataDir}: ${problem}${isOwn ? "" : ` (${path})`}. Set it to a folder that this user owns, or give this one to it (chown).`;
}
