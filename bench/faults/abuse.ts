/** D: clients that want to hold up, confuse or fill the listener. */
import { setTimeout as sleep } from "node:timers/promises";
import { connectSmtp, openTransaction, type SmtpClient } from "../../test/support/smtp-client.ts";
import {
  blockedMs,
  cpuSeconds,
  deliver,
  MOST_BLOCKED_MS,
  residentMb,
  withService,
  worstGreetOf,
  type BenchService,
} from "./bench-service.ts";
import type { Outcome, Scenario } from "./scenario.ts";

const CROWD = 2000;
const IDLE = 10_000;
const MALFORMED_ENDS = [
  "\n.\n",
  "\n.\r\n",
  "\r\n.\n",
  "\r.\r",
  "\r\n.\r",
  "\r.\r\n",
  "\n\n.\r\n",
  "\r\n\0.\r\n",
  "\r\n.\0\r\n",
  "\r\n .\r\n",
  "\r\n. \r\n",
  "\n.\r",
  "\r\n..\r\n",
];
const SMUGGLED = "MAIL FROM:<>\r\nRCPT TO:<smuggled@bounces.example.com>\r\nDATA\r\nSubject: smuggled\r\n\r\n.\r\n";

const blocked = async ({ stretches }: BenchService): Promise<{ readonly ms: number; readonly text: string }> => {
  const { main } = await stretches();
  return { ms: blockedMs(main), text: `longest stretch of the listener's event loop ${blockedMs(main)} ms` };
};

const smuggling = (): Promise<Outcome> =>
  withService({}, async ({ smtpPort, queues }) => {
    let sent = 0;
    for (const end of MALFORMED_ENDS)
      for (const isSlow of [false, true]) {
        const client = await openTransaction(smtpPort);
        await client.command("DATA");
        const octets = Buffer.from(`Subject: ${sent++}\r\n\r\ntext${end}${SMUGGLED}`, "latin1");
        if (isSlow) for (const octet of octets) client.write(Buffer.from([octet]));
        else client.write(octets);
        await client.reply();
        client.close();
      }
    const messages = await queues.get("intake").getWaitingCount();
    return { pass: messages === sent, figures: `${sent} attempts, ${messages - sent} extra messages` };
  });

const crowd = (): Promise<Outcome> =>
  withService({ environment: { BOUNCED_MAX_CLIENTS: String(CROWD + 100) } }, async (service) => {
    const clients: SmtpClient[] = [];
    for (let n = 0; n < CROWD; n++) clients.push(await connectSmtp(service.smtpPort));
    const dribble = setInterval(() => {
      for (const client of clients) client.write("N");
    }, 1000);
    const worst = await worstGreetOf(service.smtpPort, 10);
    clearInterval(dribble);
    for (const client of clients) client.close();
    const { ms, text } = await blocked(service);
    return {
      pass: worst < 1000 && ms < MOST_BLOCKED_MS,
      figures: `${CROWD} trickling connections; good client greeted within ${worst} ms; ${text}`,
    };
  });

const hanging = (): Promise<Outcome> =>
  withService({ fault: "before_enqueue:1:hang" }, async ({ smtpPort }) => {
    const from = performance.now();
    const reply = await deliver(smtpPort, "Subject: x");
    const ms = Math.round(performance.now() - from);
    const next = await deliver(smtpPort, "Subject: y");
    return {
      pass: reply.startsWith("451") && next.startsWith("250") && ms < 10_000,
      figures: `${reply.slice(0, 9)} after ${ms} ms; the next message ${next.slice(0, 3)}`,
    };
  });

const endless = (): Promise<Outcome> =>
  withService({}, async (service) => {
    const before = residentMb(service.pid);
    const client = await openTransaction(service.smtpPort);
    await client.command("DATA");
    const chunk = Buffer.alloc(1024 * 1024, `${"x".repeat(76)}\r\n`);
    while (!client.socket.destroyed && client.socket.bytesWritten < 1024 ** 3) {
      client.write(chunk);
      while (client.socket.writableLength > 8 * 1024 * 1024 && !client.socket.destroyed) await sleep(5);
    }
    const reply = await client.reply();
    const grownMb = residentMb(service.pid) - before;
    const sentMb = Math.round(client.socket.bytesWritten / 1024 ** 2);
    const declared: string[] = [];
    for (const size of ["1000000000000", "abc"]) {
      const other = await connectSmtp(service.smtpPort);
      await other.reply();
      await other.command("EHLO a");
      declared.push((await other.command(`MAIL FROM:<> SIZE=${size}`)).slice(0, 3));
      other.close();
    }
    const { ms, text } = await blocked(service);
    const isCut = reply.startsWith("552") || reply === "";
    return {
      pass: isCut && sentMb < 200 && grownMb < 200 && declared.every((code) => code[0] === "5") && ms < MOST_BLOCKED_MS,
      figures: `cut after ${sentMb} MB of 1,024; memory +${grownMb} MB; SIZE=1e12 ${declared[0]}, SIZE=abc ${declared[1]}; ${text}`,
    };
  });

const dots = (): Promise<Outcome> =>
  withService({}, async (service) => {
    const before = cpuSeconds(service.pid);
    const flood = Buffer.from("..\r\n".repeat(5_000_000));
    const clients = await Promise.all(Array.from({ length: 10 }, () => openTransaction(service.smtpPort)));
    const replies = clients.map(async (client) => {
      await client.command("DATA");
      client.write(flood);
      return client.reply();
    });
    const worst = await worstGreetOf(service.smtpPort, 5);
    await Promise.all(replies);
    const cpu = cpuSeconds(service.pid) - before;
    for (const client of clients) client.close();
    const { ms, text } = await blocked(service);
    return {
      pass: worst < 1000 && cpu < 20 && ms < MOST_BLOCKED_MS,
      figures: `10 × 20 MB of dots: ${cpu.toFixed(1)} s CPU; greeted within ${worst} ms; ${text}`,
    };
  });

const idle = (): Promise<Outcome> =>
  withService({ environment: { BOUNCED_MAX_CLIENTS: String(IDLE) } }, async (service) => {
    const before = residentMb(service.pid);
    const clients: SmtpClient[] = [];
    // The last place is for the good client.
    while (clients.length < IDLE - 1) {
      const some = await Promise.all(Array.from({ length: 97 }, () => connectSmtp(service.smtpPort)));
      await Promise.all(some.map((client) => client.reply()));
      clients.push(...some);
      if (clients.length > IDLE - 98) break;
    }
    const kb = Math.round(((residentMb(service.pid) - before) * 1024) / clients.length);
    const worst = await worstGreetOf(service.smtpPort, 20);
    const more = await Promise.all(Array.from({ length: 200 }, () => connectSmtp(service.smtpPort)));
    const greetings = await Promise.all(more.map((client) => client.reply()));
    const turnedAway = greetings.filter((greeting) => greeting.startsWith("421")).length;
    for (const client of [...clients, ...more]) client.close();
    await sleep(500);
    const afterwards = await worstGreetOf(service.smtpPort, 5);
    return {
      pass: clients.length > 9800 && worst < 1000 && turnedAway > 0 && afterwards < 1000,
      figures: `${clients.length} idle connections, ${kb} KB each; good client greeted within ${worst} ms; above the limit ${turnedAway} told 421; greeted within ${afterwards} ms afterwards`,
    };
  });

/** What one connection gets away with: the number of commands answered before it was ended. */
async function until421(port: number, line: (n: number) => string, most: number): Promise<number> {
  const client = await connectSmtp(port);
  await client.reply();
  await client.command("EHLO a");
  await client.command("MAIL FROM:<>");
  for (let n = 0; n < most; n++) {
    const reply = await client.command(line(n));
    if (reply === "" || reply.startsWith("421")) {
      client.close();
      return n;
    }
  }
  client.close();
  return most;
}

const commands = (): Promise<Outcome> =>
  withService({}, async (service) => {
    const before = residentMb(service.pid);
    const { smtpPort: port } = service;
    const good = await until421(port, (n) => `RCPT TO:<b${n}@bounces.example.com>`, 3000);
    const bad = await until421(port, (n) => `RCPT TO:<b${n}@elsewhere.example>`, 3000);
    const noop = await until421(port, () => "NOOP", 3000);
    const rset = await until421(port, () => "RSET", 3000);
    const unknown = await until421(port, () => "HACK", 3000);
    const long = await until421(port, () => `VRFY ${"x".repeat(16_000)}`, 3000);
    const grownMb = residentMb(service.pid) - before;
    const worst = await worstGreetOf(port, 5);
    return {
      pass: [good, bad, noop, rset, unknown, long].every((n) => n <= 1000) && grownMb < 100 && worst < 1000,
      figures: `ended after ${good} RCPT, ${bad} refused RCPT, ${noop} NOOP, ${rset} RSET, ${unknown} unknown commands, ${long} lines of 16 KB; memory +${grownMb} MB; greeted within ${worst} ms`,
    };
  });

export const ABUSE: readonly Scenario[] = [
  {
    id: "D01",
    what: "13 malformed ends of DATA with a smuggled message behind, at once and octet by octet",
    run: smuggling,
  },
  { id: "D03", what: `${CROWD} clients that send an octet now and then`, run: crowd },
  { id: "D04", what: "storing a message never ends", run: hanging },
  { id: "D05", what: "a message of 1 GB without SIZE; SIZE=1e12; SIZE=abc", run: endless },
  { id: "D06", what: "ten messages of 20 MB of dots at once", run: dots },
  { id: "D07", what: `${IDLE.toLocaleString("en")} idle connections`, run: idle },
  { id: "D08", what: "endless RCPT, refused RCPT, NOOP, RSET, unknown commands, long lines", run: commands },
];
