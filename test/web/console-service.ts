/** The whole service on ports of its own, and a browser. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { runInOneProcess } from "../../src/supervisor/one-process.ts";
import { configFileSchema } from "../../src/config/config-file.ts";
import { loadConfig } from "../../src/config/config.ts";
import { createAccessToken, hashPassword } from "../../src/http/access/tokens.ts";
import { writeTokenFile } from "../../src/http/access/token-file.ts";
import { findProgram } from "../../src/machine/apt.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { ROLES } from "../../src/client/service.ts";
import { openStore, type Store } from "../../src/store/store.ts";

export const PASSWORD = "a password for tests";

export interface ConsoleService {
  readonly url: string;
  readonly store: Store;
  readonly tokens: { readonly viewer: string; readonly operator: string };
  readonly queues: Queues;
  readonly browser: Browser;
  /** Signed in as admin; everything that goes wrong in the page is collected in `errors`. */
  openPage(options?: BrowserContextOptions): Promise<{ readonly page: Page; readonly errors: string[] }>;
  stop(): Promise<void>;
}

/** `file`: bounced.yaml. `httpPort`: where it must be known before. */
export async function startConsole({
  file = {},
  httpPort = 0,
}: { readonly file?: Record<string, unknown>; readonly httpPort?: number } = {}): Promise<ConsoleService> {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-console-"));
  const loaded = loadConfig({
    BOUNCED_DATA_DIR: dataDir,
    BOUNCED_SECRET: "a-key-for-tests-only",
    BOUNCED_DOMAINS: "bounces.example.com",
    BOUNCED_SMTP_PORT: String(await freePort()),
    BOUNCED_HTTP_PORT: String(httpPort),
    BOUNCED_LOG_LEVEL: "silent",
  });
  const config = { ...loaded, file: configFileSchema.parse(file) };
  const [viewer, operator] = (["viewer", "operator"] as const).map((role) =>
    createAccessToken({ name: role, role, mayExport: false }, new Date()),
  );
  if (!viewer || !operator) throw new Error("two tokens");
  writeTokenFile(join(dataDir, "tokens.json"), {
    v: 1,
    tokens: [viewer.record, operator.record],
    password: await hashPassword(PASSWORD),
  });
  const store = await openStore(config);
  const service = await runInOneProcess(config, new Set(ROLES), () => undefined);
  const url = /http:\/\/[\d.:]+/.exec(service.notes.join("\n"))?.[0] ?? "";
  const queues = openQueues({ redisUrl: service.redisUrl, prefix: config.BOUNCED_PREFIX });
  const executablePath = findProgram("chromium") ?? "/usr/bin/chromium";
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  return {
    url,
    store,
    tokens: { viewer: viewer.token, operator: operator.token },
    queues,
    browser,
    async openPage(options = {}) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      page.on("dialog", (dialog) => {
        errors.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith("data:"))
          errors.push(`outside: ${request.url()}`);
      });
      await page.goto(`${url}/sign-in`);
      await page.getByLabel("API token or admin password").fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(`${url}/`);
      return { page, errors };
    },
    async stop() {
      await browser.close();
      await queues.close();
      await service.stop();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The set-up page sends to the port that the configuration names. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
