import { Command } from "commander";
import { stringify } from "yaml";
import { configFileSchema } from "../config-file.ts";
import { environmentSchema, loadConfig } from "../config.ts";
import { hideSecrets } from "../secrets.ts";

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `bounced config`: the effective values, secrets hidden, each with what it is for. */
export function configCommand(): Command {
  return new Command("config")
    .description("Print the effective settings, secrets hidden. Exits with 2 and names the mistake when one is wrong.")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }) => {
      const config = loadConfig();
      const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => ({
        name,
        value: shown(hideSecrets(schema, config[name as keyof typeof config])),
        about: `${schema.description ?? ""}${process.env[name] ? " (set)" : ""}`,
      }));
      const file = hideSecrets(configFileSchema, config.file);
      if (options.json) {
        const environment = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
        console.log(JSON.stringify({ environment, file }, null, 2));
        return;
      }
      for (const { name, value, about } of rows) console.log(`${`${name}=${value}`.padEnd(48)} # ${about}`);
      console.log(`\n# ${config.BOUNCED_CONFIG ?? "bounced.yaml: none (BOUNCED_CONFIG); the defaults are"}`);
      console.log(stringify(file).trimEnd());
    });
}
