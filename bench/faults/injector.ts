/**
 * Sends bounces as a patient MTA does: what was not answered with 250 is tried again, until it is. Every attempt is a
 * line of the ledger, a file outside the system under test.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connectSmtp, type SmtpClient } from "../../test/support/smtp-client.ts";
import { bounceOf } from "../load.ts";

/** `unknown`: the final dot was sent and no answer came. */
export type Attempt = "ack" | "refused" | "unknown" | "not-sent";

export interface InjectorOptions {
  /** 0 while nothing listens. */
  readonly port: () => number;
  readonly prefix: string;
  readonly connections: number;
  readonly ledger: string;
}

export interface Injector {
  /** Ids that got 250. */
  readonly acked: ReadonlySet<string>;
  attempts(): Readonly<Record<Attempt, number>>;
  /** Takes no new ids; resolves when each id begun got its 250. */
  finish(): Promise<void>;
}

export function startInjector({ port, prefix, connections, ledger }: InjectorOptions): Injector {
  const acked = new Set<string>();
  const attempts = { ack: 0, refused: 0, unknown: 0, "not-sent": 0 };
  let next = 0;
  const state = { isFinishing: false };
  const note = (id: string, attempt: Attempt, reply: string): void => {
    attempts[attempt]++;
    appendFileSync(ledger, `${JSON.stringify({ id, at: new Date().toISOString(), attempt, reply })}\n`);
  };

  const sender = async (): Promise<void> => {
    let client: SmtpClient | null = null;
    while (!state.isFinishing) {
      const id = `${prefix}${next++}`;
      while (!acked.has(id)) {
        client ??= await greet(port());
        const [attempt, reply] = client ? await transact(client, id) : (["not-sent", ""] as const);
        note(id, attempt, reply);
        if (attempt === "ack") acked.add(id);
        else {
          client?.close();
          client = null;
          await sleep(50 + Math.random() * 100);
        }
      }
    }
    client?.close();
  };
  const senders = Array.from({ length: connections }, sender);
  return {
    acked,
    attempts: () => attempts,
    async finish() {
      state.isFinishing = true;
      await Promise.all(senders);
    },
  };
}

async function greet(port: number): Promise<SmtpClient | null> {
  if (port === 0) return null;
  try {
    const client = await connectSmtp(port);
    if (!(await client.reply()).startsWith("220") || !(await client.command("EHLO injector.example")).startsWith("250"))
      return null;
    return client;
  } catch {
    return null;
  }
}

async function transact(client: SmtpClient, id: string): Promise<readonly [Attempt, string]> {
  for (const line of ["MAIL FROM:<>", "RCPT TO:<b@bounces.example.com>", "DATA"]) {
    const reply = await client.command(line);
    if (!/^[23]/.test(reply)) return [reply === "" ? "not-sent" : "refused", reply];
  }
  const reply = await client.data(bounceOf(id));
  if (reply.startsWith("250")) return ["ack", reply];
  return [reply === "" ? "unknown" : "refused", reply];
}
