/** `bounced token create | list | revoke | password | link`: who may use the API and the pages. Works on the token file. */
import { createInterface } from "node:readline/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { loadServiceConfig } from "../../client/find-service.ts";
import { boundsOf, boundsWords } from "../../http/access/bounds.ts";
import { createSignInLink, LINK_MS } from "../../http/access/sign-in-links.ts";
import { ACCESS_ROLES, type AccessRole } from "../../store/people/person.ts";
import { readTokenFile, tokenFilePath, writeTokenFile } from "../../http/access/token-file.ts";
import { createAccessToken, hashPassword, isActive, type TokenRecord } from "../../http/access/tokens.ts";
import { recordIfPossible } from "../with-service.ts";
import { UsageError } from "../exit-status.ts";
import { formatTable } from "../table.ts";
import { JSON_HELP, onOneLine, print, printJson } from "../terminal.ts";
import { wrap } from "../wrap.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MIN_PASSWORD = 12;

export function tokenCommand(): Command {
  const command = new Command("token").description("Create, list and revoke tokens for the API and the pages.");
  command
    .command("create")
    .description("Create a token, and show it once.")
    .requiredOption("--name <name>", "Owner, for the list and the audit trail")
    .addOption(
      new Option("--role <role>", "What it may do: viewer reads, operator edits, admin erases")
        .choices(ACCESS_ROLES)
        .default("viewer"),
    )
    .option("--export", "Allow downloads of CSV and raw messages", false)
    .option("--tags <tags>", "See and change only these tags and streams, separated by commas", parseWords)
    .option("--domains <domains>", "See and change only recipients in these domains, separated by commas", parseWords)
    .option("--days <days>", "Expire after so many days; default: never", parseDays)
    .option("--json", JSON_HELP, false)
    .action(async (options: NewTokenOptions) => {
      const bounds = boundsOf(options.tags ?? [], options.domains ?? []);
      if (bounds && options.role === "admin")
        throw new UsageError(
          "--role admin sees everything: a token with --tags or --domains is a viewer or an operator",
        );
      const path = tokenFilePath(loadServiceConfig("data"));
      const file = readTokenFile(path);
      const now = new Date();
      const { token, record } = createAccessToken(
        {
          name: options.name,
          role: options.role,
          mayExport: options.export,
          bounds,
          expiresAt: options.days === undefined ? null : new Date(now.getTime() + options.days * DAY_MS),
        },
        now,
      );
      await recordIfPossible({
        action: "token-change",
        target: `${record.id} ${record.name}`,
        detail: `bounced token create --role ${record.role}${record.mayExport ? " --export" : ""}${bounds ? ` for ${boundsWords(bounds)}` : ""}`,
      });
      writeTokenFile(path, { ...file, tokens: [...file.tokens, record] });
      if (options.json) return printJson([{ ...shownOf(record, now), token }]);
      process.stderr.write(`${wrap(`Token ${record.id} (${record.role}) in ${path}. It is shown only now:`)}\n`);
      process.stdout.write(`${token}\n`);
    });
  command
    .command("list")
    .description("List who has a token.")
    .option("--json", JSON_HELP, false)
    .action((options: { json: boolean }) => {
      const { tokens } = readTokenFile(tokenFilePath(loadServiceConfig("data")));
      const rows = tokens.map((record) => shownOf(record, new Date()));
      if (options.json) {
        printJson(rows);
        return;
      }
      const cells = rows.map((row) => [
        row.id,
        row.name,
        row.role,
        row.mayExport ? "yes" : "no",
        row.bounds ? boundsWords(row.bounds) : "all",
        row.createdAt.slice(0, 10),
        row.expiresAt?.slice(0, 10) ?? "never",
        row.revokedAt ? "revoked" : row.active ? "active" : "expired",
      ]);
      print(formatTable(["id", "name", "role", "export", "of", "made", "expires", "state"], cells));
    });
  command
    .command("revoke")
    .description("Revoke a token at once; a running service needs no restart.")
    .argument("<id>", "Id as `bounced token list` prints it")
    .option("--json", JSON_HELP, false)
    .action(async (id: string, { json }: { json: boolean }) => {
      const path = tokenFilePath(loadServiceConfig("data"));
      const file = readTokenFile(path);
      if (!file.tokens.some((token) => token.id === id))
        throw new Error(`there is no token ${onOneLine(id)} in ${path}; bounced token list shows them`);
      const now = new Date();
      const tokens = file.tokens.map((token) =>
        token.id === id ? { ...token, revokedAt: token.revokedAt ?? now.toISOString() } : token,
      );
      writeTokenFile(path, { ...file, tokens });
      const name = tokens.find((token) => token.id === id)?.name ?? "";
      await recordIfPossible({ action: "token-change", target: `${id} ${name}`, detail: "bounced token revoke" });
      if (json) printJson(tokens.filter((token) => token.id === id).map((token) => shownOf(token, now)));
      else print(`revoked ${id}`);
    });
  command
    .command("password")
    .description("Set the admin password of the pages, read from standard input.")
    .option("--remove", "Remove it: sign-in by token only", false)
    .option("--json", JSON_HELP, false)
    .action(async (options: { remove: boolean; json: boolean }) => {
      const path = tokenFilePath(loadServiceConfig("data"));
      const file = readTokenFile(path);
      const password = options.remove ? null : await readPassword();
      if (password !== null && password.length < MIN_PASSWORD)
        throw new UsageError(`the password needs at least ${MIN_PASSWORD} characters`);
      const detail = `bounced token password${options.remove ? " --remove" : ""}`;
      await recordIfPossible({ action: "token-change", target: "admin password", detail });
      writeTokenFile(path, { ...file, password: password === null ? null : await hashPassword(password) });
      if (options.json) printJson([{ hasPassword: password !== null }]);
      else print(password === null ? "The password is removed." : "The password is set.");
    });
  command
    .command("link")
    .description("Print a link that signs in to the pages as admin, once, within 24 hours.")
    .option("--json", JSON_HELP, false)
    .action(async ({ json }: { json: boolean }) => {
      const config = loadServiceConfig("data");
      const { BOUNCED_HTTP_HOST: host, BOUNCED_HTTP_PORT: port } = config;
      const shownHost = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
      const now = Date.now();
      await recordIfPossible({ action: "token-change", target: "sign-in link", detail: "bounced token link" });
      const url = `http://${shownHost}:${port}${config.file.http.basePath}${createSignInLink(config.dataDir, now)}`;
      if (json) printJson([{ url, expiresAt: new Date(now + LINK_MS).toISOString() }]);
      else print(url);
    });
  return command;
}

/** Everything but the digest of the secret. */
function shownOf(record: TokenRecord, now: Date) {
  const { secretSha256: _secret, ...shown } = record;
  return { ...shown, active: isActive(record, now) };
}

interface NewTokenOptions {
  readonly name: string;
  readonly role: AccessRole;
  readonly export: boolean;
  readonly tags?: readonly string[];
  readonly domains?: readonly string[];
  readonly days?: number;
  readonly json: boolean;
}

function parseWords(text: string): readonly string[] {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
  if (words.length === 0) throw new InvalidArgumentError("expected words separated by commas");
  return words;
}

function parseDays(value: string): number {
  const days = Number(value);
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new InvalidArgumentError("expected 1 to 3650 days");
  return days;
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Admin password: ");
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return "";
}
