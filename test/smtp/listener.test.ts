import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { NotAccepted, type Intake } from "../../src/intake/accept.ts";
import { openCertificate } from "../../src/smtp/tls.ts";
import { startTestListener, type TestListener } from "../support/listener.ts";
import { connectSmtp, openTransaction } from "../support/smtp-client.ts";

const listeners: TestListener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.stop();
});

/** Takes everything, remembers it. */
function memoryIntake(changes: Partial<Intake> = {}): Intake & { readonly accepted: string[] } {
  const accepted: string[] = [];
  return {
    accepted,
    accept({ octets }) {
      accepted.push(Buffer.from(octets).toString("latin1"));
      return Promise.resolve(`m${accepted.length}`);
    },
    write: () => Promise.reject(new Error("SMTP writes messages")),
    state: () => "ready",
    durability: () => ({ problems: [], fsync: "always", isSafe: true }),
    memory: () => null,
    close: () => Promise.resolve(),
    ...changes,
  };
}
async function listen(intake: Intake, options: Parameters<typeof startTestListener>[1] = {}): Promise<TestListener> {
  const listener = await startTestListener(intake, options);
  listeners.push(listener);
  return listener;
}
const limited = (limits: Readonly<Record<string, unknown>>) => ({ limits: { unlimited: [], ...limits } });

test("a fault of ours is temporary, whatever was thrown, and says nothing of our insides", async () => {
  const faults = [new Error("redis down at 10.0.0.5"), new NotAccepted("away"), "a string", undefined];
  for (const fault of faults) {
    const { port } = await listen(memoryIntake({ accept: () => Promise.reject(fault) }));
    const client = await openTransaction(port);
    await client.command("DATA");
    expect(await client.data("Subject: x")).toBe("451 4.3.0 Temporary failure, please try again");
    expect(await client.command("NOOP")).toBe("250 OK");
    client.close();
  }
});

test("an intake that never answers costs the sender a moment: 451, once, however late an answer comes", async () => {
  let answer = (_id: string): void => undefined;
  const accept = (): Promise<string> => new Promise((resolve) => (answer = resolve));
  const { port } = await listen(memoryIntake({ accept }), limited({ acceptSeconds: 0.05 }));
  const client = await openTransaction(port);
  await client.command("DATA");
  expect(await client.data("Subject: x")).toBe("451 4.3.0 Temporary failure, please try again");
  answer("m1");
  expect(await client.reply()).toBe("");
});

test("while Redis is away or full, the sender hears it before it sends the message", async () => {
  for (const [state, reply] of [
    ["away", "451 4.3.0 Temporary failure, please try again"],
    ["full", "452 4.3.1 Short of storage, please try again later"],
  ] as const) {
    const { port } = await listen(memoryIntake({ state: () => state }));
    const client = await connectSmtp(port);
    await client.reply();
    await client.command("EHLO sender.example");
    expect(await client.command("MAIL FROM:<>")).toBe(reply);
    client.close();
  }
});

test("STARTTLS works with a certificate of our own, kept for the next start, its key readable by us alone", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-tls-"));
  const config = {
    BOUNCED_TLS_CERT: undefined,
    BOUNCED_TLS_KEY: undefined,
    BOUNCED_DOMAINS: ["bounces.example.com"],
    dataDir,
  };
  const certificate = await openCertificate(config);
  expect((await openCertificate(config)).certificate).toEqual(certificate.certificate);
  expect(statSync(join(dataDir, "smtp-key.pem")).mode & 0o777).toBe(0o600);
  const { port } = await listen(memoryIntake(), { certificate });
  const plain = await connectSmtp(port);
  await plain.reply();
  await plain.command("EHLO sender.example");
  expect(await plain.command("STARTTLS")).toBe("220 Ready to start TLS");
  const secure = await plain.upgrade();
  expect((secure.socket as TLSSocket).getPeerCertificate().subjectaltname).toBe("DNS:bounces.example.com");
  expect(await secure.command("MAIL FROM:<>")).toBe("503 Error: send HELO/EHLO first");
  expect(await secure.command("EHLO sender.example")).not.toContain("STARTTLS");
  secure.close();
  rmSync(dataDir, { recursive: true });
});

test("commands sent in the clear behind STARTTLS are not executed inside TLS", async () => {
  const { port } = await listen(memoryIntake());
  const plain = await connectSmtp(port);
  await plain.reply();
  await plain.command("EHLO sender.example");
  plain.write("STARTTLS\r\nEHLO injected\r\nMAIL FROM:<injected@sender.example>\r\n");
  expect(await plain.reply()).toBe("220 Ready to start TLS");
  const secure = await plain.upgrade();
  await secure.command("EHLO sender.example");
  expect(await secure.command("MAIL FROM:<>")).toBe("250 Accepted");
  secure.close();
});

test("a renewed certificate is served without a restart; a half-written one is not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-tls-"));
  const make = async (domain: string) =>
    (
      await openCertificate({
        BOUNCED_TLS_CERT: undefined,
        BOUNCED_TLS_KEY: undefined,
        BOUNCED_DOMAINS: [domain],
        dataDir: join(folder, domain),
      })
    ).certificate;
  const files = { BOUNCED_TLS_CERT: join(folder, "cert.pem"), BOUNCED_TLS_KEY: join(folder, "key.pem") };
  const write = ({ cert, key }: { cert: string; key: string }): void => {
    writeFileSync(files.BOUNCED_TLS_CERT, cert);
    writeFileSync(files.BOUNCED_TLS_KEY, key);
  };
  write(await make("old.example"));
  const certificate = await openCertificate({ ...files, BOUNCED_DOMAINS: [], dataDir: folder });
  const { port } = await listen(memoryIntake(), {
    certificate: { ...certificate, watch: (onChange, onError) => certificate.watch(onChange, onError, 20) },
  });
  const served = async (): Promise<string | undefined> => {
    const plain = await connectSmtp(port);
    await plain.reply();
    await plain.command("EHLO sender.example");
    await plain.command("STARTTLS");
    const secure = await plain.upgrade();
    const name = (secure.socket as TLSSocket).getPeerCertificate().subjectaltname;
    secure.close();
    return name;
  };
  expect(await served()).toBe("DNS:old.example");
  const renewed = await make("new.example");
  writeFileSync(files.BOUNCED_TLS_CERT, renewed.cert);
  await sleep(100);
  expect(await served()).toBe("DNS:old.example");
  write(renewed);
  await expect.poll(served, { timeout: 10_000 }).toBe("DNS:new.example");
  rmSync(folder, { recursive: true });
});

test("a client that trickles octets is ended: as a command, in DATA, in a TLS handshake", async () => {
  const { port, refused } = await listen(memoryIntake(), limited({ commandSeconds: 0.6, dataSeconds: 0.6 }));
  const trickle = async (client: Awaited<ReturnType<typeof connectSmtp>>): Promise<void> => {
    const timer = setInterval(() => client.write("x"), 50);
    await client.closed();
    clearInterval(timer);
  };
  const command = await connectSmtp(port);
  await command.reply();
  const data = await openTransaction(port);
  await data.command("DATA");
  const tls = await connectSmtp(port);
  await tls.reply();
  await tls.command("EHLO sender.example");
  await tls.command("STARTTLS");
  tls.write(Buffer.from([0x16, 3, 1, 2, 0]));
  await Promise.all([trickle(command), trickle(data), trickle(tls)]);
  expect(refused.map(({ enhanced }) => enhanced)).toEqual(["4.4.2", "4.4.2", "4.4.2"]);
});

test("a connection that never brings a message ends, however busy it is", async () => {
  const { port } = await listen(memoryIntake(), limited({ idleConnectionSeconds: 0.6 }));
  const client = await connectSmtp(port);
  await client.reply();
  let reply = "250 OK";
  while (reply === "250 OK") {
    reply = await client.command("NOOP");
    await sleep(20);
  }
  expect(reply).toBe("421 4.4.2 Timeout, closing connection");
});

test("an endless message is cut off soon after the limit", async () => {
  const intake = memoryIntake();
  const listener = await listen(intake, { maxSize: 64 * 1024 });
  const client = await openTransaction(listener.port);
  await client.command("DATA");
  const line = Buffer.alloc(64 * 1024, `${"x".repeat(76)}\r\n`);
  while (!client.socket.destroyed && client.socket.bytesWritten < 200 * 1024 * 1024) {
    client.write(line);
    await sleep(0);
  }
  expect(await client.reply()).toBe("552 5.3.4 Message too big");
  expect(client.socket.bytesWritten).toBeLessThan(100 * 1024 * 1024);
  expect(intake.accepted).toEqual([]);
  await expect.poll(() => listener.connections()).toBe(0);
});

test("a message of dots is cut off: each costs the library a turn of the event loop", async () => {
  const intake = memoryIntake();
  const { port } = await listen(intake, { maxDotLines: 1000, maxSize: 10 * 1024 * 1024 });
  const client = await openTransaction(port);
  await client.command("DATA");
  client.write("..\r\n".repeat(100_000));
  expect(await client.reply()).toBe("554 5.6.0 Message not acceptable");
  await client.closed();
  const honest = await openTransaction(port);
  await honest.command("DATA");
  expect(await honest.data("..\r\n".repeat(900))).toContain("250 2.6.0");
  honest.close();
});

test("one address may not take all connections, nor come again and again", async () => {
  const few = await listen(memoryIntake(), limited({ connectionsPerAddress: 2 }));
  const first = await connectSmtp(few.port);
  const second = await connectSmtp(few.port);
  await Promise.all([first.reply(), second.reply()]);
  const third = await connectSmtp(few.port);
  expect(await third.reply()).toBe("421 4.7.0 Too many connections from your address");
  first.close();
  await expect.poll(() => few.connections()).toBe(1);
  expect(await (await connectSmtp(few.port)).reply()).toContain("220 ");

  const slow = await listen(memoryIntake(), limited({ connectionsPerMinute: 1 }));
  expect(await (await connectSmtp(slow.port)).reply()).toContain("220 ");
  expect(await (await connectSmtp(slow.port)).reply()).toContain("421 4.7.0");
});

test("more clients than allowed are told to come back", async () => {
  const { port } = await listen(memoryIntake(), { maxClients: 1 });
  await (await connectSmtp(port)).reply();
  expect(await (await connectSmtp(port)).reply()).toBe("421 4.7.0 Too many connections, please try again later");
});

const proxyV2 = Buffer.concat([
  Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1"),
  Buffer.from([0x21, 0x11, 0, 12, 192, 0, 2, 7, 198, 51, 100, 1, 0x12, 0x34, 0, 25]),
]);
test("the name in HELO is kept of a report, if it is that of a host, and of nothing else", async () => {
  const names: (string | undefined)[] = [];
  const { port } = await listen(
    memoryIntake({ accept: (_message, { helo }) => Promise.resolve(`m${names.push(helo)}`) }),
  );
  const lengthy = `${"a".repeat(63)}.`.repeat(4);
  for (const [helo, reversePath] of [
    ["HELO MX.Isp.test", ""],
    ["EHLO mx.isp.test", "a@isp.test"],
    ["EHLO localhost", ""],
    ["EHLO [192.0.2.1]", ""],
    [`EHLO ${lengthy}test`, ""],
  ] as const) {
    const client = await connectSmtp(port);
    await client.reply();
    for (const line of [helo, `MAIL FROM:<${reversePath}>`, "RCPT TO:<b@bounces.example.com>", "DATA"])
      await client.command(line);
    await client.data("Subject: x");
    client.close();
  }
  expect(names).toEqual(["mx.isp.test", undefined, undefined, undefined, undefined]);
});

test.each([
  ["version 1", Buffer.from("PROXY TCP4 192.0.2.7 198.51.100.1 4660 25\r\n")],
  ["version 2", proxyV2],
])("a PROXY header of %s from a trusted address tells who the client is", async (_name, header) => {
  const addresses: (string | null)[] = [];
  const intake = memoryIntake({
    accept: (_message, { remoteAddress }) => Promise.resolve(`m${addresses.push(remoteAddress)}`),
  });
  const { port } = await listen(intake, { trustedProxies: ["127.0.0.0/8"] });
  const client = await connectSmtp(port);
  for (const octet of header) {
    client.write(Buffer.from([octet]));
    await sleep(1);
  }
  await client.reply();
  for (const line of ["EHLO sender.example", "MAIL FROM:<>", "RCPT TO:<b@bounces.example.com>", "DATA"])
    await client.command(line);
  await client.data("Subject: x");
  client.close();
  expect(addresses).toEqual(["192.0.2.7"]);
});

test("a PROXY header from anybody else is a bad command; a trusted proxy without one is closed", async () => {
  const open = await listen(memoryIntake(), { trustedProxies: ["192.0.2.200"] });
  const stranger = await connectSmtp(open.port);
  await stranger.reply();
  expect(await stranger.command("PROXY TCP4 192.0.2.7 198.51.100.1 4660 25")).toBe("500 Error: command not recognized");
  const closed = await listen(memoryIntake(), { trustedProxies: ["127.0.0.1"], limits: { proxyHeaderSeconds: 0.3 } });
  const wrong = await connectSmtp(closed.port);
  wrong.write("EHLO sender.example\r\n");
  expect(await wrong.reply()).toBe("");
  const silent = await connectSmtp(closed.port);
  expect(await silent.reply()).toBe("");
});

test("clients that vanish at any moment leave nothing behind", async () => {
  const intake = memoryIntake();
  const listener = await listen(intake);
  const { port } = listener;
  const steps = ["EHLO sender.example", "MAIL FROM:<>", "RCPT TO:<b@bounces.example.com>", "DATA", "Subject: x"];
  for (let count = 0; count <= steps.length; count++)
    for (const leave of ["reset", "end"] as const) {
      const client = await connectSmtp(port);
      await client.reply();
      for (const [index, step] of steps.slice(0, count).entries())
        if (index < 4) await client.command(step);
        else client.write(`${step}\r\n`);
      if (leave === "reset") client.socket.resetAndDestroy();
      else client.socket.end();
    }
  await expect.poll(() => listener.connections(), { timeout: 10_000 }).toBe(0);
  expect(intake.accepted).toEqual([]);
  expect(await (await connectSmtp(port)).reply()).toContain("220 ");
});

test("garbage at every stage never ends the listener", async () => {
  const { port } = await listen(memoryIntake());
  const garbage = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));
  const tls = Buffer.from([0x16, 3, 0, 0, 5, 1, 2, 3, 4, 5]);
  for (const before of [[], ["EHLO a"], ["EHLO a", "STARTTLS"], ["EHLO a", "MAIL FROM:<>"]])
    for (const octets of [garbage, tls, Buffer.from("\r\n".repeat(50)), Buffer.alloc(5000, "A")]) {
      const client = await connectSmtp(port);
      await client.reply();
      for (const line of before) await client.command(line);
      client.write(octets);
      await sleep(5);
      client.close();
    }
  expect(await (await connectSmtp(port)).reply()).toContain("220 ");
});

test("stopping lets a message in transfer finish, and turns everybody else away", async () => {
  const intake = memoryIntake();
  const listener = await startTestListener(intake);
  const idle = await connectSmtp(listener.port);
  await idle.reply();
  const busy = await openTransaction(listener.port);
  await busy.command("DATA");
  busy.write("Subject: half\r\n");
  await expect.poll(() => listener.connections()).toBe(2);
  const stopped = listener.stop();
  expect(await idle.reply()).toBe("421 4.3.2 Service shutting down, please try again");
  expect(await busy.data("\r\nthe other half")).toBe("250 2.6.0 Queued as m1");
  expect(await busy.reply()).toBe("421 4.3.2 Service shutting down, please try again");
  await stopped;
  await expect(connectSmtp(listener.port)).rejects.toThrow("ECONNREFUSED");
  expect(intake.accepted).toHaveLength(1);
});
