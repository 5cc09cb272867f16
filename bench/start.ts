/** How long `serve` takes to its first 250 and to its banner, and what memory it has, in its processes and in one. Linux. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROLES } from "../src/client/service.ts";
import { freePort } from "../test/support/free-port.ts";
import { startTestService } from "../test/support/service.ts";
import { connectSmtp, openTransaction } from "../test/support/smtp-client.ts";

const ROUNDS = 3;
/** Memory settles after the start. */
const SETTLE_MS = 2000;

export async function benchStart(): Promise<void> {
  console.log("\nStart of the service: first 250, banner, proportional set size without Redis\n");
  for (const [what, roles] of [
    ["processes of their own", null],
    ["one process", ROLES.join(",")],
  ] as const) {
    const dataDir = mkdtempSync(join(tmpdir(), "bounced-start-"));
    for (let round = 1; round <= ROUNDS; round++)
      console.log(`  ${what}, ${round === 1 ? "first start" : "again"}: ${await startOnce(dataDir, roles)}`);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startOnce(dataDir: string, roles: string | null): Promise<string> {
  const port = await freePort();
  const since = performance.now();
  const environment = {
    BOUNCED_DATA_DIR: dataDir,
    BOUNCED_SMTP_PORT: String(port),
    NODE_COMPILE_CACHE: join(dataDir, "cache"),
  };
  const starting = startTestService(environment, roles);
  while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, 10));
  const firstMs = performance.now() - since;
  const service = await starting;
  const bannerMs = performance.now() - since;
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const pids = [...(/processes: (.*)/.exec(service.output())?.[1] ?? "").matchAll(/(\w+) (\d+)/g)];
  const own = ["supervisor", String(service.process.pid)] as const;
  const megabytes = [own, ...pids.map(([, name = "", pid = ""]) => [name, pid] as const)].map(
    ([name, pid]) => [pids.length === 0 ? "all" : name, setSizeOf(pid)] as const,
  );
  await service.stop();
  const sum = megabytes.reduce((total, [, size]) => total + size, 0);
  return `${Math.round(firstMs)} ms, ${Math.round(bannerMs)} ms, ${sum} MB (${megabytes.map((pair) => pair.join(" ")).join(", ")})`;
}

async function accepts(port: number): Promise<boolean> {
  const probe = await connectSmtp(port).catch(() => null);
  probe?.close();
  if (!probe) return false;
  const client = await openTransaction(port);
  await client.command("DATA");
  const reply = await client.data("Subject: first\r\n\r\ntext");
  client.close();
  return reply.startsWith("250");
}

const setSizeOf = (pid: string): number =>
  Math.round(Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]) / 1024);
