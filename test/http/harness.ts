/** A server in this process on a log of its own, asked with `inject`, with one token of each kind. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configFileSchema } from "../../src/config-file.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { buildServer } from "../../src/http/server.ts";
import { createToken } from "../../src/http/access/tokens.ts";
import { httpSettingsSchema } from "../../src/http/http-settings.ts";
import type { App } from "../../src/http/app.ts";
import type { TokenFile } from "../../src/http/access/token-file.ts";
import type { HttpContext } from "../../src/http/context.ts";

export const CALLERS = ["viewer", "operator", "admin", "exporter"] as const;
export type Caller = (typeof CALLERS)[number];

export interface Harness {
  readonly app: App;
  readonly store: Store;
  readonly tokens: Readonly<Record<Caller, string>>;
  readonly clock: { at: number };
  readonly file: { current: TokenFile };
  bearer(caller: Caller): { authorization: string };
  close(): Promise<void>;
}

export async function startHarness({
  open = false,
  ...over
}: Partial<HttpContext> & { readonly open?: boolean } = {}): Promise<Harness> {
  const clock = { at: Date.parse("2026-05-01T12:00:00Z") };
  const made = CALLERS.map((caller) =>
    createToken(
      { name: caller, role: caller === "exporter" ? "viewer" : caller, mayExport: caller === "exporter" },
      new Date(clock.at),
    ),
  );
  const file: { current: TokenFile } = {
    current: { v: 1, tokens: open ? [] : made.map(({ record }) => record), password: null },
  };
  const store = await openTestStore(() => clock.at);
  const app = await buildServer({
    store,
    settings: httpSettingsSchema.parse({}),
    tokens: { current: () => file.current },
    sessionKey: Buffer.alloc(32, 1),
    now: () => clock.at,
    version: "0.0.0-test",
    health: async () => [{ name: "redis", ok: true, detail: null }],
    ...over,
  });
  await app.ready();
  const tokens = Object.fromEntries(CALLERS.map((caller, index) => [caller, made[index]?.token])) as Record<
    Caller,
    string
  >;
  return {
    app,
    store,
    tokens,
    clock,
    file,
    bearer: (caller) => ({ authorization: `Bearer ${tokens[caller]}` }),
    async close() {
      await app.close();
      await store.close();
    },
  };
}

export const openTestStore = (now: () => number): Promise<Store> =>
  openStore(
    {
      DATABASE_URL: "",
      dataDir: mkdtempSync(join(tmpdir(), "bounced-http-")),
      BOUNCED_RETENTION_DAYS: 40,
      file: configFileSchema.parse({}),
    },
    { now },
  );
