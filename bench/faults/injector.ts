/**
 * Sends bounces as a patient MTA does: what was not answered with 250 is tried again, until it is. Every attempt is a
 * line of the ledger, a file outside the system under test.
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
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
  /** True while the sinks are too far behind: a sender under back pressure. */
  readonly mustWait?: (acked: number) => boolean;
}

/** When the attempt that got 250 began and when the 250 was read; performance.now(). */
export interface Acknowledged {
  readonly sentAt: number;
  readonly ackedAt: number;
}

export interface Injector {
  /** Ids that got 250. */
  readonly acked: ReadonlySet<string>;
  /** When each of them did. */
  readonly times: ReadonlyMap<string, Acknowledged>;
  attempts(): Readonly<Record<Attempt, number>>;
  /** Takes no new ids; resolves when each id begun got its 250. */
  finish(): Promise<void>;
  /** For a test that failed: nothing is tried again. */
  abandon(): void;
}

/** Every seventh message names three recipients. */
export const recipientsOf = (id: string): readonly string[] =>
  id.endsWith("7") ? ["", "-b", "-c"].map((ending) => `user-${id}${ending}@example.org`) : [`user-${id}@example.org`];

/** As it must arrive: with a line that begins with a dot, which the wire doubles. */
export function messageOf(id: string): string {
  const groups = recipientsOf(id)
    .slice(1)
    .map((address) => `Final-Recipient: rfc822; ${address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n`)
    .join("");
  return bounceOf(id)
    .replace("    rejected: User unknown\r\n\r\n", (end) => `${end}${groups}`)
    .replace("The quick brown fox", ".signature of\r\nthe quick brown fox");
}

/** What the log must say of it: the message ends without a line end, so its canonical form is itself. */
export const digestOf = (id: string): string => createHash("sha256").update(messageOf(id)).digest("hex");

export function startInjector({ port, prefix, connections, ledger, mustWait }: InjectorOptions): Injector {
  const times = new Map<string, Acknowledged>();
  const acked = new Set<string>();
  const attempts = { ack: 0, refused: 0, unknown: 0, "not-sent": 0 };
  const file = createWriteStream(ledger, { flags: "a" });
  let next = 0;
  const state = { isFinishing: false, isAbandoned: false };
  const note = (id: string, attempt: Attempt, reply: string): void => {
    attempts[attempt]++;
    file.write(`${JSON.stringify({ id, at: new Date().toISOString(), attempt, reply })}\n`);
  };

  const sender = async (): Promise<void> => {
    let client: SmtpClient | null = null;
    while (!state.isFinishing) {
      if (mustWait?.(acked.size)) {
        await sleep(50);
        continue;
      }
      const id = `${prefix}${next++}`;
      while (!acked.has(id) && !state.isAbandoned) {
        client ??= await greet(port());
        const sentAt = performance.now();
        const [attempt, reply] = client ? await transact(client, id) : (["not-sent", ""] as const);
        note(id, attempt, reply);
        if (attempt === "ack") {
          acked.add(id);
          times.set(id, { sentAt, ackedAt: performance.now() });
        } else {
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
    times,
    attempts: () => attempts,
    async finish() {
      state.isFinishing = true;
      await Promise.all(senders);
      await new Promise<void>((resolve) => void file.end(() => resolve()));
    },
    abandon() {
      state.isFinishing = true;
      state.isAbandoned = true;
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
  client.write("MAIL FROM:<>\r\nRCPT TO:<b@bounces.example.com>\r\nDATA\r\n");
  for (let command = 0; command < 3; command++) {
    const reply = await client.reply();
    if (!/^[23]/.test(reply)) return [reply === "" ? "not-sent" : "refused", reply];
  }
  const reply = await client.data(messageOf(id).replaceAll("\r\n.", "\r\n.."));
  if (reply.startsWith("250")) return ["ack", reply];
  return [reply === "" ? "unknown" : "refused", reply];
}
