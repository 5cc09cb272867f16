/** Clients that want to hold up the listener, and mail that wants to hold up the reader. */
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../src/config.ts";
import { messageInputOf } from "../../src/ingest/message-input.ts";
import { openReaderPool } from "../../src/reading/pool.ts";
import { startTestRedis } from "../../test/support/redis.ts";
import { startTestService, type TestService } from "../../test/support/service.ts";
import { connectSmtp, openTransaction, type SmtpClient } from "../../test/support/smtp-client.ts";
import { bounceOf } from "../load.ts";
import { hostileMessages } from "./hostile.ts";
import type { Outcome, Scenario } from "./scenario.ts";

const CROWD = 500;

async function withService(work: (service: TestService) => Promise<Outcome>): Promise<Outcome> {
  const redis = await startTestRedis();
  const service = await startTestService({ REDIS_URL: redis.url, BOUNCED_MAX_CLIENTS: "2000" }, "smtp");
  try {
    return await work(service);
  } finally {
    await service.stop();
    await redis.stop();
  }
}

/** How long a good client waits for its greeting while the others misbehave. */
async function greetMs(port: number): Promise<number> {
  const from = performance.now();
  const client = await connectSmtp(port);
  await client.reply();
  client.close();
  return Math.round(performance.now() - from);
}

const worstGreetOf = async (port: number, times: number): Promise<number> => {
  let worst = 0;
  for (let n = 0; n < times; n++) worst = Math.max(worst, await greetMs(port));
  return worst;
};

const crowd = (): Promise<Outcome> =>
  withService(async ({ smtpPort }) => {
    const clients: SmtpClient[] = [];
    for (let n = 0; n < CROWD; n++) clients.push(await connectSmtp(smtpPort));
    const dribble = setInterval(() => {
      for (const client of clients) client.write("N");
    }, 500);
    const worst = await worstGreetOf(smtpPort, 10);
    clearInterval(dribble);
    for (const client of clients) client.close();
    return { pass: worst < 1000, figures: `${CROWD} trickling connections; good client greeted within ${worst} ms` };
  });

const endless = (): Promise<Outcome> =>
  withService(async ({ smtpPort, process: { pid } }) => {
    const before = await residentMb(pid);
    const client = await openTransaction(smtpPort);
    await client.command("DATA");
    const chunk = Buffer.alloc(1024 * 1024, `${"x".repeat(76)}\r\n`);
    while (!client.socket.destroyed && client.socket.bytesWritten < 1024 ** 3) {
      client.write(chunk);
      while (client.socket.writableLength > 8 * 1024 * 1024 && !client.socket.destroyed) await sleep(5);
    }
    const reply = await client.reply();
    const grownMb = (await residentMb(pid)) - before;
    const sentMb = Math.round(client.socket.bytesWritten / 1024 ** 2);
    const isCut = reply.startsWith("552") || reply === "";
    return { pass: isCut && sentMb < 200, figures: `cut after ${sentMb} MB of 1,024; memory +${grownMb} MB` };
  });

const dots = (): Promise<Outcome> =>
  withService(async ({ smtpPort, process: { pid } }) => {
    const before = await cpuSeconds(pid);
    const flood = Buffer.from("..\r\n".repeat(5_000_000));
    const clients = await Promise.all(Array.from({ length: 10 }, () => openTransaction(smtpPort)));
    const replies = clients.map(async (client) => {
      await client.command("DATA");
      client.write(flood);
      return client.reply();
    });
    const worst = await worstGreetOf(smtpPort, 5);
    await Promise.all(replies);
    const cpu = (await cpuSeconds(pid)) - before;
    for (const client of clients) client.close();
    return {
      pass: worst < 1000 && cpu < 20,
      figures: `10 × 20 MB of dots: ${cpu.toFixed(1)} s CPU; greeted within ${worst} ms`,
    };
  });

async function hostileContent(): Promise<Outcome> {
  const config = loadConfig({});
  let unreadable = 0;
  const pool = openReaderPool({
    config: structuredClone(config),
    threads: 1,
    onUnreadable: () => {
      unreadable++;
      return { events: [], raw: null };
    },
  });
  let slowest = { name: "", ms: 0 };
  let count = 0;
  await pool.read(messageInputOf(Buffer.from(bounceOf("warm-up")), config.BOUNCED_KEEP_BYTES));
  for (const [name, message] of hostileMessages()) {
    const from = performance.now();
    await pool.read(messageInputOf(message, config.BOUNCED_KEEP_BYTES));
    const ms = Math.round(performance.now() - from);
    if (ms > slowest.ms) slowest = { name, ms };
    count++;
  }
  await pool.close();
  return {
    pass: unreadable === 0,
    figures: `${count} messages, ${unreadable} stopped their reader; slowest ${slowest.ms} ms (${slowest.name})`,
  };
}

const residentMb = async (pid: number | undefined): Promise<number> => {
  const { readFile } = await import("node:fs/promises");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
};
const cpuSeconds = async (pid: number | undefined): Promise<number> => {
  const { readFile } = await import("node:fs/promises");
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

export const ABUSE: readonly Scenario[] = [
  { id: "D03", what: `${CROWD} clients that send an octet now and then`, run: crowd },
  { id: "D05", what: "a message of 1 GB without SIZE", run: endless },
  { id: "D06", what: "ten messages of 20 MB of dots at once", run: dots },
  { id: "E01-E04", what: "deep, wide, long and huge messages", run: hostileContent },
];
