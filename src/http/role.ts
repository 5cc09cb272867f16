/** Role `http`: the API and the pages, listening. */
import { readFileSync } from "node:fs";
import { messageOf } from "../error-message.ts";
import { openStore } from "../store/store.ts";
import type { RunningRole, ServiceContext } from "../service.ts";
import { isOpen } from "./access/authenticate.ts";
import { sessionKey, tokenFilePath, watchTokenFile } from "./access/token-file.ts";
import type { PartHealth } from "./context.ts";
import { buildServer } from "./server.ts";

const HEALTH_TIMEOUT_MS = 2000;

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Rejects when the port is taken or the token file cannot be read. */
export async function httpRole(service: ServiceContext): Promise<RunningRole> {
  const { config, logger, queues } = service;
  const tokens = watchTokenFile(tokenFilePath(config));
  const open = isOpen(tokens.current());
  const store = await openStore(config);
  const app = await buildServer(
    {
      settings: config.file.http,
      tokens,
      sessionKey: sessionKey(config.dataDir),
      now: Date.now,
      version,
      store,
      health: () => Promise.all([ask("redis", () => queues.redis.ping()), ask("store", () => store.count({}, 1))]),
    },
    logger.child({ role: "http" }),
  );
  let url: string;
  try {
    url = await app.listen({ host: config.BOUNCED_HTTP_HOST, port: config.BOUNCED_HTTP_PORT });
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    notes: [
      `API and pages on ${url}${config.file.http.basePath}`,
      ...(open
        ? ["only this machine may ask until there is a token: bounced token create --name you --role admin"]
        : []),
    ],
    async stop() {
      await app.close();
      await store.close();
    },
  };
}

/** A part that does not answer in time is away. */
async function ask(name: string, question: () => Promise<unknown>): Promise<PartHealth> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${HEALTH_TIMEOUT_MS} ms`)), HEALTH_TIMEOUT_MS);
  try {
    await Promise.race([question(), late.promise]);
    return { name, ok: true, detail: null };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
