/** What a mail server waits for when it asks about a recipient, with a million entries on the list. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { Usage } from "./policy-server.ts";

const ENTRIES = 1_000_000;
const QUESTIONS = 60_000;
const CONNECTIONS = 20;

export async function benchPolicy(): Promise<void> {
  const few = await serverWith(1000);
  const many = await serverWith(ENTRIES);
  const none = await serverWith(-1);
  try {
    const memory = (await usageOf(many.child)).residentBytes - (await usageOf(few.child)).residentBytes;
    console.log(
      `\npolicy delegation, ${CONNECTIONS} connections, every second recipient on the list of ${ENTRIES.toLocaleString("en")} ` +
        `entries (${Math.round(memory / (ENTRIES - 1000))} octets of memory each)`,
    );
    console.log("server               questions/s   per core   p50 ms   p99 ms");
    for (const [name, server] of [
      ["answers nothing", none],
      ["a million entries", many],
    ] as const) {
      await load(server.port, QUESTIONS / 10);
      const before = await usageOf(server.child);
      const { perSecond, p50, p99 } = await load(server.port, QUESTIONS);
      const cpuMs = (await usageOf(server.child)).cpuMs - before.cpuMs;
      const perCore = QUESTIONS / (cpuMs / 1000);
      console.log(
        `${name.padEnd(20)} ${String(Math.round(perSecond)).padStart(11)} ${String(Math.round(perCore)).padStart(10)} ` +
          `${p50.toFixed(2).padStart(8)} ${p99.toFixed(2).padStart(8)}`,
      );
    }
    // As much as one core of the promise asks for, and no more: what a mail server sees that is not alone.
    const { p50, p99 } = await load(many.port, QUESTIONS / 10, 1);
    console.log(`one connection, one question at a time: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
  } finally {
    for (const { child } of [few, many, none]) child.disconnect();
  }
}

async function serverWith(entries: number): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(new URL("policy-server.ts", import.meta.url), [String(entries)], { stdio: "inherit" });
  const [{ port }] = (await once(child, "message")) as [{ readonly port: number }];
  return { child, port };
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  child.send("usage");
  const [usage] = (await once(child, "message")) as [Usage];
  return usage;
}

/** Each connection asks when it has its answer, as Postfix's smtpd does. */
async function load(port: number, questions: number, connections = CONNECTIONS) {
  const waits: number[] = [];
  let asked = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      await once(socket, "connect");
      while (asked < questions) {
        const n = asked++;
        const user = (n * 7919) % ENTRIES;
        const address = n % 2 ? `user${user}@example${user % 5000}.org` : `fine${user}@example.org`;
        const sentAt = performance.now();
        socket.write(
          `request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nhelo_name=app.example.com\nqueue_id=8045F2AB23\n` +
            `sender=news@example.com\nrecipient=${address}\nrecipient_count=0\nclient_address=127.0.0.1\nclient_name=localhost\n` +
            `reverse_client_name=localhost\ninstance=123.456.${n}\nsasl_method=\nsasl_username=\nsize=12345\n\n`,
        );
        await once(socket, "data");
        waits.push(performance.now() - sentAt);
      }
      socket.destroy();
    }),
  );
  const perSecond = waits.length / ((performance.now() - startedAt) / 1000);
  waits.sort((a, b) => a - b);
  return { perSecond, p50: waits[waits.length >> 1] ?? 0, p99: waits[Math.floor(waits.length * 0.99)] ?? 0 };
}
