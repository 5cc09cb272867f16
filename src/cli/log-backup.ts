/** `bounced log backup FILE`: a copy of the log and the suppression list, made while the service runs. */
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Command } from "commander";
import { loadServiceConfig } from "../client/find-service.ts";
import { createOutput } from "./files.ts";
import { JSON_HELP, print, printJson } from "./terminal.ts";

export function logBackupCommand(): Command {
  return new Command("backup")
    .description("Copy the SQLite log to a file that does not exist yet, beside a running service.")
    .argument("<file>", "Created with mode 0600, because it contains addresses and mail")
    .option("--json", JSON_HELP)
    .action((file: string, _options: unknown, self: Command) => {
      const { DATABASE_URL, dataDir } = loadServiceConfig("log");
      if (DATABASE_URL) throw new Error("the log is in PostgreSQL: use pg_dump");
      const path = join(dataDir, "log.sqlite");
      if (!existsSync(path)) throw new Error(`there is no log: ${path}`);
      // SQLite writes into a file that is empty, and keeps its mode: at no moment can another user read the copy.
      createOutput(file);
      const database = new DatabaseSync(path);
      try {
        // One consistent state of the whole, whatever is being written meanwhile.
        database.prepare("VACUUM INTO ?").run(file);
      } catch (error) {
        rmSync(file, { force: true });
        throw error;
      } finally {
        database.close();
      }
      if (self.optsWithGlobals<{ json?: boolean }>().json) printJson([{ file, octets: statSync(file).size }]);
      else print(`The log is in ${file}.`);
    });
}
