import { statSync } from "node:fs";
import { messageOf } from "../machine/error-message.ts";
import { readTokenFile, tokenFilePath } from "../http/access/token-file.ts";
import { isActive } from "../http/access/tokens.ts";
import { fail, ok, warn, type Check, type Finding } from "./check.ts";

const TIMEOUT_MS = 5000;
const SOON_MS = 14 * 86_400_000;

/** Who may ask the API. */
export const checkTokens: Check = async ({ config, now }) => {
  const id = "tokens";
  const path = tokenFilePath(config);
  try {
    const file = readTokenFile(path);
    if (config.BOUNCED_HTTP_OPEN)
      return [warn(id, "BOUNCED_HTTP_OPEN: everybody on this machine has full access", "unset it; bounced token link")];
    if (file.tokens.length === 0 && file.password === null)
      return [ok(id, "no tokens yet: the first start of the service creates one and prints a sign-in link")];
    const stat = statSync(path);
    if (process.platform !== "win32" && (stat.mode & 0o077) !== 0)
      return [warn(id, `others on this machine can read ${path}`, `chmod 600 ${path}`)];
    const date = new Date(now);
    const active = file.tokens.filter((token) => isActive(token, date));
    const ending = active.filter(({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) < now + SOON_MS);
    if (active.length === 0 && file.password === null)
      return [fail(id, "every token has expired or was revoked: nobody has access", "bounced token create --name you")];
    if (ending.length > 0)
      return [
        warn(
          id,
          `expiring within two weeks: ${ending.map(({ name }) => name).join(", ")}`,
          "bounced token create, and give the new one to its user",
        ),
      ];
    return [
      ok(
        id,
        `${active.length} ${active.length === 1 ? "token" : "tokens"}${file.password ? " and the console's password" : ""}`,
      ),
    ];
  } catch (error) {
    return [fail(id, messageOf(error), "restore it from a backup, or remove it and make new tokens")];
  }
};

/** Asks the running service how it is. */
export const checkHttp: Check = async (context) => {
  const { BOUNCED_HTTP_HOST: given, BOUNCED_HTTP_PORT: port, file } = context.config;
  const host = given === "0.0.0.0" || given === "::" ? "127.0.0.1" : given;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}${file.http.basePath}/readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return readinessOf(url, await response.text());
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    return [warn("http", `nothing answers at ${url} (${messageOf(cause)})`, "start the service:  bounced serve")];
  }
};

function readinessOf(url: string, body: string): readonly Finding[] {
  const parsed: unknown = JSON.parse(body.startsWith("{") ? body : "{}");
  const { status, parts } = parsed as { status?: unknown; parts?: readonly Part[] };
  if (typeof status !== "string" || !Array.isArray(parts))
    return [fail("http", `another program answers at ${url}`, "stop it, or choose another BOUNCED_HTTP_PORT")];
  const sick = parts.filter((part) => !part.ok);
  if (sick.length === 0) return [ok("http", `the API answers at ${url} and says: ${status}`)];
  return sick.map(({ name, stops, found, todo }) => {
    const what = `the running service reports this as failed${found ? `: ${found}` : ""}`;
    const remedy = todo ?? `curl -H "Authorization: Bearer $TOKEN" ${url}`;
    return stops.length > 0 ? fail(`ready ${name}`, what, remedy) : warn(`ready ${name}`, what, remedy);
  });
}

interface Part {
  readonly name: string;
  readonly ok: boolean;
  readonly stops: readonly string[];
  readonly found: string | null;
  readonly todo: string | null;
}
