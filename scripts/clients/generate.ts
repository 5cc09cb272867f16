/**
 * node scripts/clients/generate.ts [--check]
 *
 * Writes the clients in clients/ from the OpenAPI document of this source. --check writes nothing and fails where a file
 * is not current. No generator of others: those that write clients without dependencies need Java.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../src/config/config.ts";
import { contextOf } from "../../src/http/context-of.ts";
import { buildServer } from "../../src/http/server.ts";
import { VERSION } from "../../src/machine/version.ts";
import { openStore } from "../../src/store/store.ts";
import { goFiles } from "./go.ts";
import { modelOf, type OpenApi } from "./model.ts";

export type { OpenApi };
import { phpFiles } from "./php.ts";
import { pythonFiles } from "./python.ts";

/** Of a server that nobody asks. */
export async function openApiDocument(): Promise<OpenApi> {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-openapi-"));
  const config = loadConfig({ BOUNCED_DATA_DIR: dataDir, BOUNCED_SECRET: "of-nobody" });
  const store = await openStore(config);
  const { context, close } = contextOf(config, store, null);
  try {
    const app = await buildServer({ ...context, version: VERSION });
    await app.ready();
    const document = app.swagger() as unknown as OpenApi;
    await app.close();
    return document;
  } finally {
    await close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Path -> content. Go's are formatted by gofmt where it is installed, as whoever commits them has it. */
export function clientFiles(document: OpenApi): Readonly<Record<string, string>> {
  const model = modelOf(document);
  const formatted = Object.entries(goFiles(model)).map(([path, text]) => [
    path,
    execFileSync("gofmt", { input: text, encoding: "utf8" }),
  ]);
  return { ...pythonFiles(model), ...phpFiles(model), ...Object.fromEntries(formatted) };
}

if (import.meta.main) {
  const files = clientFiles(await openApiDocument());
  const isCheck = process.argv.includes("--check");
  for (const [path, text] of Object.entries(files)) {
    if (!isCheck) writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) {
      console.error(`${path} is not current: run node scripts/clients/generate.ts`);
      process.exitCode = 1;
    }
  }
}
