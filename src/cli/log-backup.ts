/** `bounced log backup FILE`: a copy of the log and the suppression list, made while the service runs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Command } from "commander";
import { loadConfig } from "../config.ts";

export function logBackupCommand(): Command {
  return new Command("backup")
    .description("copy the SQLite log to a file that does not exist yet, beside a running service")
    .argument("<file>")
    .action((file: string) => {
      const { DATABASE_URL, dataDir } = loadConfig();
      if (DATABASE_URL) throw new Error("the log is in PostgreSQL: use pg_dump");
      const path = join(dataDir, "log.sqlite");
      if (!existsSync(path)) throw new Error(`there is no log: ${path}`);
      if (existsSync(file)) throw new Error(`${file} is there already`);
      const database = new DatabaseSync(path);
      try {
        // One consistent state of the whole, whatever is being written meanwhile.
        database.prepare("VACUUM INTO ?").run(file);
      } finally {
        database.close();
      }
      console.log(`The log is in ${file}.`);
    });
}
