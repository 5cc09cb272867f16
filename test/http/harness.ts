/** A server in this process on a log of its own, asked with `inject`, with one token of each kind. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configFileSchema } from "../../src/config/config-file.ts";
import { loadConfig } from "../../src/config/config.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { contextOf } from "../../src/http/context-of.ts";
import { buildServer } from "../../src/http/server.ts";
import { pagesFor } from "../../src/web/pages.ts";
import { createAccessToken } from "../../src/http/access/tokens.ts";
import type { Intake } from "../../src/intake/accept.ts";
import type { App } from "../../src/http/app.ts";
import type { TokenFile } from "../../src/http/access/token-file.ts";
import type { HttpContext } from "../../src/http/context.ts";

export const CALLERS = ["viewer", "operator", "admin", "exporter"] as const;
export type Caller = (typeof CALLERS)[number];

export interface Harness {
  readonly app: App;
  readonly store: Store;
  readonly dataDir: string;
  /** `GET /v1/events`; HEAD is left out. */
  readonly routes: ReadonlySet<string>;
  readonly tokens: Readonly<Record<Caller, string>>;
  readonly clock: { at: number };
  readonly file: { current: TokenFile };
  bearer(caller: Caller): { authorization: string };
  close(): Promise<void>;
}

export async function startHarness({
  open = false,
  without,
  intake,
  yaml = {},
  ...over
}: Partial<Omit<HttpContext, "intake">> & {
  /** What it counts goes nowhere, where it does not say otherwise. */
  readonly intake?: Pick<Intake, "accept"> & Partial<Pick<Intake, "write">>;
  /** BOUNCED_HTTP_OPEN, and no tokens. */
  readonly open?: boolean;
  readonly without?: "tokens";
  /** bounced.yaml. */
  readonly yaml?: Record<string, unknown>;
} = {}): Promise<Harness> {
  const clock = { at: Date.parse("2026-05-01T12:00:00Z") };
  const made = CALLERS.map((caller) =>
    createAccessToken(
      { name: caller, role: caller === "exporter" ? "viewer" : caller, mayExport: caller === "exporter" },
      new Date(clock.at),
    ),
  );
  const file: { current: TokenFile } = {
    current: { v: 1, tokens: open || without === "tokens" ? [] : made.map(({ record }) => record), password: null },
  };
  const loaded = loadConfig({
    BOUNCED_DATA_DIR: mkdtempSync(join(tmpdir(), "bounced-http-")),
    BOUNCED_SECRET: "a-key-for-tests-only",
    BOUNCED_DOMAINS: "bounces.example.com",
    BOUNCED_HTTP_OPEN: open ? "1" : "0",
  });
  const config = { ...loaded, file: configFileSchema.parse(yaml) };
  const store = await openStore(config, { now: () => clock.at });
  const { context, close } = contextOf(config, store, null);
  const routes = new Set<string>();
  const app = await buildServer(
    {
      ...context,
      tokens: { current: () => file.current },
      sessionKey: Buffer.alloc(32, 1),
      now: () => clock.at,
      version: "0.0.0-test",
      health: async () => [{ name: "redis", ok: true, stops: [], found: null, todo: null }],
      ...(intake === undefined ? {} : { intake: { write: () => Promise.resolve(0 as never), ...intake } }),
      ...over,
    },
    { pages: pagesFor, onRoute: (route) => route.startsWith("HEAD") || routes.add(route) },
  );
  await app.ready();
  const tokens = Object.fromEntries(CALLERS.map((caller, index) => [caller, made[index]?.token])) as Record<
    Caller,
    string
  >;
  return {
    app,
    store,
    dataDir: config.dataDir,
    routes,
    tokens,
    clock,
    file,
    bearer: (caller) => ({ authorization: `Bearer ${tokens[caller]}` }),
    async close() {
      await app.close();
      await close();
      await store.close();
    },
  };
}
