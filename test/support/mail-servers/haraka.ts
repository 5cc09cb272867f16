/** Haraka with the plugins of a test; every domain that they do not route leads to one remote server. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "../postfix.ts";
import { provideHaraka } from "./provide.ts";
import { startMailServer, type MailServer } from "./server.ts";

export interface HarakaOptions {
  readonly remotePort: number;
  /** Name to source. */
  readonly plugins: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export async function startHaraka({ remotePort, plugins, env }: HarakaOptions): Promise<MailServer> {
  const haraka = provideHaraka();
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "bounced-haraka-"));
  for (const path of ["config", "plugins", "queue"]) mkdirSync(join(folder, path));
  symlinkSync(dirname(haraka), join(folder, "node_modules"));
  const lab = `exports.hook_rcpt = (next, connection) => { connection.relaying = true; next(OK); };
exports.hook_get_mx = (next) => next(OK, [{ exchange: "127.0.0.1", port: ${remotePort}, priority: 0 }]);\n`;
  const all = { ...plugins, lab };
  for (const [name, source] of Object.entries(all)) writeFileSync(join(folder, "plugins", `${name}.js`), source);
  const config = {
    plugins: `${Object.keys(all).join("\n")}\n`,
    "smtp.ini": `listen=127.0.0.1:${port}\nnodes=0\n`,
    "outbound.ini": "local_mx_ok=true\n",
    "log.ini": "level=INFO\n",
    me: "mta.sender.example\n",
    host_list: "",
  };
  copyFileSync(join(haraka, "config/connection.ini"), join(folder, "config/connection.ini"));
  for (const [name, text] of Object.entries(config)) writeFileSync(join(folder, "config", name), text);
  const server = await startMailServer([process.execPath, join(haraka, "bin/haraka"), "-c", folder], port, {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...env },
  });
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
