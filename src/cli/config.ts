import { Command } from "commander";
import { stringify } from "yaml";
import { environmentSchema, loadConfig } from "../config.ts";

const SECRET = new Set(["BOUNCED_SECRET"]);

/** A URL's password is a secret, the rest of it is what one wants to see. */
const hidePassword = (value: string): string => value.replace(/(:\/\/[^:@/]*:)[^@/]+@/, "$1***@");

function shown(name: string, value: unknown): string {
  if (SECRET.has(name)) return Array.isArray(value) && value.length > 0 ? `*** (${value.length} set)` : "";
  if (Array.isArray(value)) return value.join(",");
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value === undefined) return "";
  return typeof value === "string" ? hidePassword(value) : JSON.stringify(value);
}

const hidden = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(hidden) : typeof value === "string" ? "***" : redact(value);

/** Replaces whatever a key calls a secret, at any depth. */
function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      /secret|password|token|privatekey/i.test(key) ? hidden(inner) : redact(inner),
    ]),
  );
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
        value: shown(name, config[name as keyof typeof config]),
        about: `${schema.description ?? ""}${process.env[name] ? " (set)" : ""}`,
      }));
      if (options.json) {
        const environment = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
        console.log(JSON.stringify({ environment, file: redact(config.file) }, null, 2));
        return;
      }
      for (const { name, value, about } of rows) console.log(`${`${name}=${value}`.padEnd(48)} # ${about}`);
      console.log(`\n# ${config.BOUNCED_CONFIG ?? "bounced.yaml: none (BOUNCED_CONFIG); the defaults are"}`);
      console.log(stringify(redact(config.file)).trimEnd());
    });
}
