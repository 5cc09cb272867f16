/** A PostgreSQL cluster of our own in a temporary directory, on a Unix socket. */
import { execFileSync } from "node:child_process";
import { chownSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TestPostgres {
  /** A connection string to a new, empty database. */
  createDatabase(): string;
  stop(): void;
}

/** The server refuses to run as root: as root it runs as the user that the Debian package makes. */
export function startPostgres(): TestPostgres {
  const bin = globSync("/usr/lib/postgresql/*/bin").sort().at(-1);
  if (!bin) throw new Error("PostgreSQL is not installed: node test/provision.ts as root installs what tests need");
  const dir = mkdtempSync(join(tmpdir(), "bounced-pg-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(dir, idOf("-u"), idOf("-g"));
  const run = (command: string, ...rest: string[]): void => {
    const [file, ...args] = [...(isRoot ? ["runuser", "-u", "postgres", "--"] : []), command, ...rest];
    execFileSync(file ?? "", args, { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  };
  const data = join(dir, "data");
  run(join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
  const settings = `-c listen_addresses='' -c unix_socket_directories=${dir} -c fsync=off -c shared_buffers=32MB`;
  run(join(bin, "pg_ctl"), "-D", data, "-l", join(dir, "log"), "-w", "-o", settings, "start");
  let count = 0;
  return {
    createDatabase() {
      const name = `log${++count}`;
      run(join(bin, "createdb"), "-h", dir, "-U", "postgres", name);
      return `postgresql://postgres@/${name}?host=${encodeURIComponent(dir)}`;
    },
    stop() {
      run(join(bin, "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const idOf = (flag: "-u" | "-g"): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
