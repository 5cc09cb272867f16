/** PostgreSQL in a temporary directory, on a Unix socket: one server for the run, or one that a test may break. */
import { execFileSync } from "node:child_process";
import { chownSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../src/store/db/database.ts";
import { onceInRun, stopWith } from "../support/run-folder.ts";

export interface TestPostgres {
  /** A connection string to a new, empty database. */
  createDatabase(): string;
  stop(): void;
}

export interface SharedPostgres extends TestPostgres {
  /** The same, with the tables of today. */
  createMigrated(): string;
  /** Drops what was created here. */
  stop(): void;
}

const TEMPLATE = "migrated";

/** The server of the run. */
export async function sharedPostgres(): Promise<SharedPostgres> {
  const folder = await onceInRun("postgres", async (empty) => {
    stopWith(startServer(empty).stopping);
    create(empty, TEMPLATE);
    await (await openDatabase({ dataDir: "", DATABASE_URL: urlOf(empty, TEMPLATE) })).close();
  });
  const created: string[] = [];
  const createFrom = (...template: string[]): string => {
    const name = nextName();
    create(folder, name, ...template);
    created.push(name);
    return urlOf(folder, name);
  };
  return {
    createDatabase: () => createFrom(),
    createMigrated: () => createFrom("--template", TEMPLATE),
    stop() {
      const drops = created.splice(0).flatMap((name) => ["-c", `drop database ${name} with (force)`]);
      if (drops.length > 0) client(folder, "psql", ["-q", "-d", "postgres", ...drops]);
    },
  };
}

/** A server of its own, for a test that breaks it. */
export function startPostgres(): TestPostgres {
  const folder = mkdtempSync(join(tmpdir(), "bounced-pg-"));
  const { stopping } = startServer(folder);
  return {
    createDatabase() {
      const name = nextName();
      create(folder, name);
      return urlOf(folder, name);
    },
    stop() {
      execute(stopping, folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let count = 0;
const nextName = (): string => `log_${process.pid}_${++count}`;
const urlOf = (folder: string, name: string): string =>
  `postgresql://postgres@/${name}?host=${encodeURIComponent(folder)}`;
const create = (folder: string, ...args: readonly string[]): void => client(folder, "createdb", args);

/** Clients may run as anybody. */
function client(folder: string, program: string, args: readonly string[]): void {
  execute([join(findPostgres(), program), "-h", folder, "-U", "postgres", ...args], folder);
}

/** The server refuses to run as root: as root it runs as the user that the Debian package makes. */
function startServer(folder: string): { readonly stopping: readonly string[] } {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, idOf("-u"), idOf("-g"));
  const [bin, data] = [findPostgres(), join(folder, "data")];
  const asServer = (program: string, ...args: string[]): string[] => [
    ...(isRoot ? ["runuser", "-u", "postgres", "--"] : []),
    join(bin, program),
    ...args,
  ];
  execute(
    asServer("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"),
    folder,
  );
  const settings = {
    listen_addresses: "''",
    unix_socket_directories: folder,
    fsync: "off",
    shared_buffers: "64MB",
    max_connections: "300",
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  execute(asServer("pg_ctl", "-D", data, "-l", join(folder, "log"), "-w", "-o", options.join(" "), "start"), folder);
  return { stopping: asServer("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop") };
}

function findPostgres(): string {
  const bin = globSync("/usr/lib/postgresql/*/bin").sort().at(-1);
  if (!bin) throw new Error("PostgreSQL is not installed: node test/provision.ts as root installs what tests need");
  return bin;
}

function execute([file, ...args]: readonly string[], cwd: string): void {
  execFileSync(file ?? "", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
}

const idOf = (flag: "-u" | "-g"): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
