/**
 * Environment -> frozen Config. The only reader of our variables, except where the terminal and find-service.ts need one
 * earlier. A bad value stops the start with a message that names
 * the variable, what was given and what would be right. What lives in bounced.yaml is config-file.ts.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { z } from "zod";
import { messageOf } from "../machine/error-message.ts";
import { issueWords } from "./issue-words.ts";
import { didYouMean } from "../machine/nearest.ts";
import { parseRedisUrl } from "../redis/url.ts";
import { hideInUrl, hideSecrets, SECRETS } from "../machine/secrets.ts";
import { keptKeys } from "./return-path-key.ts";
import { configFileSchema, type ConfigFile } from "./config-file.ts";

const list = z.string().transform((value) =>
  value
    .split(/[\s,]+/)
    .map((item) => item.trim())
    .filter(Boolean),
);
const flag = z
  .enum(["1", "true", "yes", "on", "0", "false", "no", "off", ""], { error: "expected 1 or 0" })
  .transform((v) => /^(1|true|yes|on)$/.test(v));
/** One sentence for whatever is wrong with it. */
const whole = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};
const port = whole(0, 65_535);
const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
/** `52428800`, `50M`, `50MiB`, `256 KiB`. */
const bytes = z.string().transform((value, context) => {
  const match = /^(\d+)\s*([kmg]?)(i?b)?$/i.exec(value.trim());
  if (!match) {
    context.addIssue({ code: "custom", message: "expected a size such as 52428800, 256KiB or 50MiB" });
    return z.NEVER;
  }
  return Number(match[1]) * (UNITS[(match[2] ?? "").toLowerCase()] ?? 1);
});
const redisUrl = z.string().superRefine((value, context) => {
  try {
    if (value !== "") parseRedisUrl(value);
  } catch (cause) {
    context.addIssue({ code: "custom", message: messageOf(cause) });
  }
});
const days = whole(0, 3650);

export const SPOKEN_LANGUAGES = ["en", "ja", "de", "fr", "es"] as const;
export type Language = (typeof SPOKEN_LANGUAGES)[number];

/** One row per variable: the schema with its default, and the line `bounced config` and `--help` print. */
export const environmentSchema = z.object({
  REDIS_URL: redisUrl.default("").describe("Redis to use; empty: a private one is started"),
  DATABASE_URL: z.string().default("").describe("PostgreSQL for the log; empty: SQLite in the data directory"),
  DATABASE_READ_URL: z
    .string()
    .default("")
    .describe("PostgreSQL replica for searches and figures; empty: DATABASE_URL"),
  BOUNCED_DATA_DIR: z.string().default("./data").describe("where the embedded Redis, the log and keys live"),
  BOUNCED_DOMAINS: list
    .default(["localhost", "localhost.localdomain", "bounces.localhost"])
    .describe("recipient domains to accept mail for"),
  BOUNCED_SMTP_HOST: z.string().default("127.0.0.1").describe("address the SMTP listener binds to"),
  BOUNCED_SMTP_PORT: port.default(2525).describe("port of the SMTP listener"),
  BOUNCED_LMTP_PORT: port.optional().describe("port of the LMTP listener; unset: none"),
  BOUNCED_HTTP_HOST: z.string().default("127.0.0.1").describe("address the HTTP API and pages bind to"),
  BOUNCED_HTTP_PORT: port.default(8025).describe("port of the HTTP API and pages"),
  BOUNCED_HTTP_OPEN: flag
    .default(false)
    .describe("let every user and program of this machine do everything without signing in; loopback only"),
  BOUNCED_POLICY_HOST: z.string().default("127.0.0.1").describe("address that mail servers ask about recipients"),
  BOUNCED_POLICY_PORT: port.optional().describe("port that mail servers ask about recipients; unset: none"),
  BOUNCED_TLS_CERT: z
    .string()
    .optional()
    .describe("PEM certificate chain for STARTTLS; unset: self-signed, made at first start"),
  BOUNCED_TLS_KEY: z.string().optional().describe("PEM private key for STARTTLS"),
  BOUNCED_SECRET: list
    .default([])
    .describe("return-path keys; the first signs, all verify; unset: one made at first start")
    .register(SECRETS),
  BOUNCED_REQUIRE_SIGNED: flag.default(false).describe("refuse every forward-path that is not a valid signed one"),
  BOUNCED_MAX_SIZE: bytes.default(50 * 1024 ** 2).describe("largest message accepted"),
  BOUNCED_KEEP_BYTES: bytes.default(256 * 1024).describe("how much of a message is kept and read"),
  BOUNCED_MAX_CLIENTS: whole(1, 1_000_000).default(1000).describe("SMTP connections at a time"),
  BOUNCED_PROXY_PROTOCOL: list.default([]).describe("addresses trusted to send a PROXY header"),
  BOUNCED_PREFIX: z
    .string()
    .regex(/^[\w{}-]+$/, "expected letters, digits, hyphens, underscores and braces")
    .default("bounced")
    .describe("prefix of every Redis key"),
  BOUNCED_KEEP_HEADERS: list.default(["x-api-data"]).describe("headers of the original message to keep in events"),
  BOUNCED_RULES: z.string().optional().describe("file or folder with your own classification rules"),
  BOUNCED_RETENTION_DAYS: days.default(40).describe("how long the log keeps events"),
  BOUNCED_API_TOKENS: z
    .string()
    .optional()
    .describe("file with API tokens; default: tokens made by `bounced token create`"),
  BOUNCED_LANGUAGE: z.enum(SPOKEN_LANGUAGES).default("en").describe("language of explanations"),
  BOUNCED_PAGE_LANGUAGE: z
    .enum(SPOKEN_LANGUAGES)
    .optional()
    .describe("language of the web pages; default: what the browser asks for"),
  BOUNCED_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("how much is logged"),
  BOUNCED_PROVISION: flag.default(true).describe("install a missing Redis through the system's package manager"),
  BOUNCED_CONFIG: z.string().optional().describe("path of bounced.yaml"),
});
export type Environment = z.infer<typeof environmentSchema>;

export interface Config extends Readonly<Environment> {
  /** Absolute. */
  readonly dataDir: string;
  readonly file: ConfigFile;
}

/** A wrong setting. `message` is for the person who typed it: one line per mistake. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** Reads the environment and bounced.yaml. Throws ConfigError naming each bad value. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty variable (`BOUNCED_RULES=`) means "not set", as in docker-compose files.
  const given = Object.fromEntries(
    Object.entries({ ...environment, ...readSecretFiles(environment) }).filter(
      ([, value]) => value !== undefined && value !== "",
    ),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues
        .map((issue) => {
          const name = String(issue.path[0]);
          return `${name}=${shown(name, given[name])}: ${issueWords(issue, environmentSchema)}`;
        })
        .join("\n"),
    );
  }
  const { data } = parsed;
  if (Boolean(data.BOUNCED_TLS_CERT) !== Boolean(data.BOUNCED_TLS_KEY))
    throw new ConfigError("BOUNCED_TLS_CERT and BOUNCED_TLS_KEY belong together: set both or neither");
  if (data.BOUNCED_HTTP_OPEN && !isLoopback(data.BOUNCED_HTTP_HOST))
    throw new ConfigError(
      `BOUNCED_HTTP_OPEN is for loopback only, and BOUNCED_HTTP_HOST is ${data.BOUNCED_HTTP_HOST}: unset one of them`,
    );
  const dataDir = resolve(data.BOUNCED_DATA_DIR);
  return Object.freeze({
    ...data,
    // Addresses that were signed with the kept key come back for weeks after another one is given.
    BOUNCED_SECRET: [...new Set([...data.BOUNCED_SECRET, ...keptKeys(dataDir)])],
    BOUNCED_DOMAINS: data.BOUNCED_DOMAINS.map((domain) => domain.toLowerCase()),
    BOUNCED_KEEP_HEADERS: data.BOUNCED_KEEP_HEADERS.map((name) => name.toLowerCase()),
    dataDir,
    file: loadConfigFile(data.BOUNCED_CONFIG),
  });
}

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** Variables that may be in a file, as Docker and systemd hand out secrets: `BOUNCED_SECRET_FILE=/run/secrets/…`. */
const IN_FILES = ["REDIS_URL", "DATABASE_URL", "DATABASE_READ_URL", "BOUNCED_SECRET"] as const;

function readSecretFiles(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name of IN_FILES) {
    const path = environment[`${name}_FILE`];
    if (!path) continue;
    if (environment[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: keep one`);
    try {
      read[name] = readFileSync(path, "utf8").trim();
    } catch (cause) {
      throw new ConfigError(`${name}_FILE: cannot read ${path}: ${messageOf(cause)}`, { cause });
    }
  }
  return read;
}

/** As it was typed, without what is secret in it. */
function shown(name: string, value = ""): string {
  const schema = environmentSchema.shape[name as keyof Environment];
  return SECRETS.has(schema) ? String(hideSecrets(schema, value)) : hideInUrl(value);
}

/** `routes[0].when`; nothing at the top. */
const pathOf = ({ path }: { readonly path: readonly PropertyKey[] }): readonly string[] =>
  path.length === 0
    ? []
    : [
        path
          .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index ? "." : ""}${String(step)}`))
          .join(""),
      ];

/** Of the documentation's examples and of docker-compose.yml, which read them themselves. */
const OTHERS = /^BOUNCED_(?:\w+_PUBLISH|TOKEN|URL|IMAGE)$/;

/** One sentence for each BOUNCED_… variable that is no setting: a typing mistake changes nothing, and nobody sees it. */
export function unknownVariables(environment: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const known = Object.keys(environmentSchema.shape);
  return Object.keys(environment)
    .filter((name) => name.startsWith("BOUNCED_") && environment[name] && !OTHERS.test(name))
    .filter((name) => !known.includes(name) && !IN_FILES.some((secret) => name === `${secret}_FILE`))
    .map((name) => `${name} is no setting${nearVariable(name, known)}. bounced config lists all settings.`);
}

/** BOUNCED_PROT is near to the end of BOUNCED_SMTP_PORT. */
function nearVariable(name: string, known: readonly string[]): string {
  const whole = didYouMean(name, known);
  if (whole) return whole;
  const end = didYouMean(name.replace("BOUNCED_", ""), new Set(known.map((each) => each.split("_").at(-1) ?? "")));
  const word = / (\w+)\?\)$/.exec(end)?.[1];
  return word === undefined ? "" : ` (did you mean ${known.filter((each) => each.endsWith(`_${word}`)).join(" or ")}?)`;
}

function loadConfigFile(path: string | undefined): ConfigFile {
  if (!path) return configFileSchema.parse({});
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`BOUNCED_CONFIG: cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
  // Loaded where there is such a file only: it has more modules than the settings have.
  const yaml = createRequire(import.meta.url)("yaml") as typeof import("yaml");
  let document: unknown;
  try {
    document = yaml.parse(text) ?? {};
  } catch (cause) {
    throw new ConfigError(`${path}: not valid YAML: ${messageOf(cause)}`, { cause });
  }
  const parsed = configFileSchema.safeParse(document);
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues
        .map((issue) => [path, ...pathOf(issue), issueWords(issue, configFileSchema)].join(": "))
        .join("\n"),
    );
  return parsed.data;
}
