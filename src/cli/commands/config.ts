import { Command } from "commander";
import { stringify } from "yaml";
import { configFileSchema } from "../../config/config-file.ts";
import { environmentSchema, loadConfig } from "../../config/config.ts";
import { hideSecrets } from "../../machine/secrets.ts";
import { findService, loadConfigOfAny } from "../../client/find-service.ts";
import { JSON_HELP, print, printJson, terminalWidth } from "../terminal.ts";
import { wrap } from "../wrap.ts";

const SIZES: ReadonlySet<string> = new Set(["BOUNCED_MAX_SIZE", "BOUNCED_KEEP_BYTES"]);
const UNITS = ["GiB", "MiB", "KiB"] as const;

/** As one writes it: 50MiB. */
function sizeOf(bytes: number): string {
  const index = UNITS.findIndex((_, power) => bytes > 0 && bytes % 1024 ** (3 - power) === 0);
  return index < 0 ? String(bytes) : `${bytes / 1024 ** (3 - index)}${UNITS[index]}`;
}

function shown(name: string, value: unknown): string {
  if (SIZES.has(name) && typeof value === "number") return sizeOf(value);
  if (Array.isArray(value)) return value.join(",");
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `bounced config`: the effective values, secrets hidden, each with what it is for. */
export function configCommand(): Command {
  return new Command("config")
    .description("Print the effective settings, secrets hidden. Exits with 2 and names the mistake if one is wrong.")
    .option("--json", JSON_HELP)
    .action((options: { json?: boolean }) => {
      const { note } = findService();
      const config = note === null ? loadConfig() : loadConfigOfAny();
      const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => ({
        name,
        value: shown(name, hideSecrets(schema, config[name as keyof typeof config])),
        about: `${schema.description ?? ""}${process.env[name] ? " (set)" : note?.environment[name] ? " (of the service)" : ""}`,
      }));
      const file = hideSecrets(configFileSchema, config.file);
      if (options.json) {
        const environment = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
        printJson([{ environment, file }]);
        return;
      }
      if (note !== null)
        print(`${wrap(`# The service of ${note.dataDir} was started with what is marked "of the service".`, "# ")}\n`);
      const lines = rows.map(({ name, value, about }) => `${`${name}=${value}`.padEnd(48)} # ${about}`);
      const fits = lines.every((line) => line.length <= (terminalWidth() ?? Infinity));
      for (const [index, { name, value, about }] of rows.entries())
        print(fits ? (lines[index] ?? "") : `${wrap(`# ${about}`, "# ")}\n${name}=${value}`);
      print(`\n${wrap(`# ${config.BOUNCED_CONFIG ?? "bounced.yaml: none (BOUNCED_CONFIG); the defaults are"}`, "# ")}`);
      print(stringify(file).trimEnd());
    });
}
