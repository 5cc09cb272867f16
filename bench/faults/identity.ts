/** F: whom a report is about, who may say so, and what it may do to the suppression list. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../src/config/config.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { readWhole } from "../../src/intake/message.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { forwardPathPolicyOf } from "../../src/smtp/forward-path-policy.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { connectSmtp, openTransaction } from "../../test/support/smtp-client.ts";
import { bounceOf } from "../load.ts";
import { blockedMs, cpuSeconds, deliver, MOST_BLOCKED_MS, until, untilLogged, withService } from "./bench-service.ts";
import { diceOf } from "./dice.ts";
import type { Outcome, Scenario } from "./scenario.ts";

const SIGNING = { BOUNCED_SECRET: "a-key-of-the-harness", BOUNCED_DOMAINS: "bounces.example.com" };
const config = loadConfig(SIGNING);
const settings = readSettingsOf(config);
const PLAIN = "b@bounces.example.com";

const signedFor = (recipient: string, now: Date = new Date()): string =>
  createReturnPath({ domain: "bounces.example.com", recipient }, settings.returnPath, now);

const read = (message: string, forwardPath: string, receivedAt = new Date()): Promise<readonly BouncedEvent[]> =>
  readMessage(
    {
      ...readWhole(Buffer.from(message, "latin1"), 256 * 1024),
      receivedAt: receivedAt.toISOString(),
      envelope: { reversePath: "", forwardPath },
      remoteAddress: null,
    },
    settings,
  );

async function withStore(work: (store: Store) => Promise<Outcome>): Promise<Outcome> {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-identity-"));
  const store = await openStore(loadConfig({ ...SIGNING, BOUNCED_DATA_DIR: dataDir }));
  try {
    return await work(store);
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
const record = (store: Store, events: readonly BouncedEvent[]) => store.record([{ events, raw: null }]);

/** Whoever knows our bounce address can send this; a real bounce beside, so that it is known that the list works. */
const forged = (): Promise<Outcome> =>
  withStore(async (store) => {
    for (let n = 0; n < 1000; n++) await record(store, await read(bounceOf(`victim${n}`), PLAIN));
    const suppressed = await store.suppressions.count({});
    await record(store, await read(bounceOf("real"), signedFor("user-real@example.org")));
    const real = await store.suppressions.count({});
    return {
      pass: suppressed === 0 && real === 1,
      figures: `1,000 forged reports to an unsigned address: ${suppressed} suppressed; one real one: ${real}`,
    };
  });

const someoneElse = (): Promise<Outcome> =>
  withStore(async (store) => {
    const events = await read(bounceOf("victim"), signedFor("other@example.net"));
    await record(store, events);
    const check = await store.suppressions.check(["user-victim@example.org"]);
    const isMarked = events[0]?.warnings.some(({ code }) => code === "recipient-mismatch") ?? false;
    return {
      pass: check[0]?.suppressed === false && isMarked,
      figures: `valid signature for another recipient: marked ${isMarked}, victim suppressed ${check[0]?.suppressed}`,
    };
  });

const replayed = (): Promise<Outcome> =>
  withService(
    { roles: "smtp,worker,record", environment: { ...SIGNING, BOUNCED_REQUIRE_SIGNED: "1" } },
    async ({ smtpPort, queues, dataDir }) => {
      const returnPath = signedFor("user-replay@example.org");
      const total = 10_000;
      let sent = 0;
      let acked = 0;
      const sender = async (): Promise<void> => {
        const client = await openTransaction(smtpPort, returnPath);
        await client.command("RSET");
        while (sent++ < total) {
          client.write(`MAIL FROM:<>\r\nRCPT TO:<${returnPath}>\r\nDATA\r\n`);
          for (let command = 0; command < 3; command++) await client.reply();
          if ((await client.data(bounceOf("replay"))).startsWith("250")) acked++;
        }
        client.close();
      };
      await Promise.all(Array.from({ length: 10 }, sender));
      await untilLogged({ queues });
      const store = await openStore(loadConfig({ ...SIGNING, BOUNCED_DATA_DIR: dataDir }));
      const events = await store.count({});
      const changes = (await store.suppressions.history({ value: "user-replay@example.org" })).length;
      await store.close();
      const handedOut = await queues.get("bounce-hard").getWaitingCount();
      return {
        pass: events === 1 && changes === 1 && handedOut === 1 && acked >= total,
        figures: `${acked} times over 10 connections: ${events} event in the log, ${handedOut} on its queue, ${changes} change of the list`,
      };
    },
  );

const twice = (): Promise<Outcome> =>
  withStore(async (store) => {
    const returnPath = signedFor("user-twice@example.org");
    const message = bounceOf("twice");
    for (let n = 0; n < 2; n++) await record(store, await read(message, returnPath));
    const same = await store.count({});
    await record(
      store,
      await read(`Received: by another relay; Mon, 5 Jan 2026 10:00:01 +0000\r\n${message}`, returnPath),
    );
    const other = await store.count({});
    const changes = (await store.suppressions.history({ value: "user-twice@example.org" })).length;
    return {
      pass: same === 1 && changes === 1,
      figures: `the same octets twice: ${same} event; over another relay, with another Received: ${other} events (two messages), ${changes} change of the list`,
    };
  });

/** What remains must not depend on the order in which three reports on one message come. */
const anyOrder = (): Promise<Outcome> =>
  withStore(async (store) => {
    const reports = {
      delayed: (id: string) =>
        bounceOf(id)
          .replaceAll("Action: failed", "Action: delayed")
          .replaceAll("5.1.1", "4.2.2")
          .replaceAll("550", "452"),
      failed: bounceOf,
      delivered: (id: string) =>
        bounceOf(id)
          .replace("Action: failed", "Action: delivered")
          .replaceAll("5.1.1", "2.0.0")
          .replaceAll("550", "250"),
    };
    const orders = [
      ["delayed", "failed", "delivered"],
      ["delayed", "delivered", "failed"],
      ["failed", "delayed", "delivered"],
      ["failed", "delivered", "delayed"],
      ["delivered", "delayed", "failed"],
      ["delivered", "failed", "delayed"],
    ] as const;
    const states: string[] = [];
    for (const [n, order] of orders.entries()) {
      const address = `user-order${n}@example.org`;
      for (const name of order) await record(store, await read(reports[name](`order${n}`), signedFor(address)));
      const [check] = await store.suppressions.check([address]);
      states.push(`${check?.suppressed} ${check?.entry?.cause ?? ""}`);
    }
    const divergent = new Set(states).size - 1;
    return {
      pass: divergent === 0 && states[0] === "true hard",
      figures: `6 orders, ${divergent} divergent states (${states[0]})`,
    };
  });

/** Refused recipients as fast as they can be sent, beside a good sender. */
const flood = (): Promise<Outcome> =>
  withService(
    { environment: { ...SIGNING, BOUNCED_REQUIRE_SIGNED: "1", BOUNCED_MAX_CLIENTS: "1000" } },
    async ({ smtpPort, pid, stretches }) => {
      const bad = signedFor("user@example.org").replace(/.@/, (end) => (end === "a@" ? "b@" : "a@"));
      const state = { isOver: false, refused: 0, connections: 0 };
      const attack = async (): Promise<void> => {
        while (!state.isOver) {
          const client = await connectSmtp(smtpPort);
          state.connections++;
          await client.reply();
          client.write(`EHLO a\r\nMAIL FROM:<>\r\n${`RCPT TO:<${bad}>\r\n`.repeat(30)}`);
          for (let reply = await client.reply(); reply !== ""; reply = await client.reply())
            if (reply.startsWith("550")) state.refused++;
          client.close();
        }
      };
      await stretches();
      const cpuBefore = cpuSeconds(pid);
      const attackers = Array.from({ length: 20 }, attack);
      const times: number[] = [];
      let acked = 0;
      for (let n = 0; n < 100; n++) {
        const from = performance.now();
        if ((await deliver(smtpPort, bounceOf(`good${n}`), signedFor(`user-good${n}@example.org`))).startsWith("250"))
          acked++;
        times.push(performance.now() - from);
        await sleep(10);
      }
      const cpu = cpuSeconds(pid) - cpuBefore;
      state.isOver = true;
      await Promise.all(attackers);
      const ms = blockedMs((await stretches()).main);
      const p99 = Math.round(times.toSorted((a, b) => a - b)[98] ?? 0);
      return {
        pass: acked === 100 && state.refused > 1000 && ms < MOST_BLOCKED_MS,
        figures: `${state.refused} refused recipients over ${state.connections} connections, ${Math.round((cpu * 1e6) / state.refused)} µs CPU each; beside them ${acked} of 100 good messages acknowledged, p99 ${p99} ms; longest stretch of the event loop ${ms} ms`,
      };
    },
  );

/** The chance that a time of the one is longer than a time of the other: 0.5 tells nothing. */
function areaUnderCurve(one: readonly number[], other: readonly number[]): number {
  const sorted = other.toSorted((a, b) => a - b);
  const below = (value: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return one.reduce((sum, value) => sum + below(value), 0) / (one.length * other.length);
}

async function timing(): Promise<Outcome> {
  const policy = forwardPathPolicyOf(loadConfig({ ...SIGNING, BOUNCED_REQUIRE_SIGNED: "1" }));
  const good = signedFor("user@example.org");
  const addresses = {
    bad: good.replace(/.@/, (end) => (end === "a@" ? "b@" : "a@")),
    expired: signedFor("user@example.org", new Date(Date.now() - 400 * 86_400_000)),
    unknown: createReturnPath(
      { domain: "bounces.example.com", recipient: "user@example.org" },
      { ...settings.returnPath, secrets: ["a key that nobody here knows"] },
      new Date(),
    ),
  };
  const times = { bad: [] as number[], expired: [] as number[], unknown: [] as number[] };
  const names = ["bad", "expired", "unknown"] as const;
  const dice = diceOf(1);
  for (let n = 0; n < 60_000; n++) {
    const name = dice.oneOf(names);
    const from = process.hrtime.bigint();
    policy(addresses[name], "192.0.2.1");
    if (n > 10_000) times[name].push(Number(process.hrtime.bigint() - from));
  }
  const expired = areaUnderCurve(times.bad, times.expired);
  const unknown = areaUnderCurve(times.bad, times.unknown);
  const replies = new Set(names.map((name) => JSON.stringify(policy(addresses[name], "192.0.2.1"))));
  return {
    pass: replies.size === 1 && [expired, unknown].every((share) => Math.abs(share - 0.5) < 0.4),
    figures: `${replies.size} wording; of 15,000 samples each, the share in which a bad signature took longer than an expired address ${expired.toFixed(2)}, than an unknown one ${unknown.toFixed(2)} (0.5: no difference)`,
  };
}

/** Nothing that is no failure report does anything to an address. */
async function loops(): Promise<Outcome> {
  const isBounce = (file: string): boolean =>
    /"kind": "bounce"/.test(readFileSync(file.replace(/eml$/, "json"), "utf8"));
  const files = globSync("fixtures/eml/{auto-reply,challenge,rfc8098,unsubscribe}/*.eml").filter((f) => !isBounce(f));
  const messages = files.map((file) => readFileSync(file, "latin1"));
  messages.push(
    `${"Received: from a by b; Mon, 5 Jan 2026 10:00:00 +0000\r\n".repeat(101)}Subject: round and round\r\n\r\ntext`,
  );
  const kinds = new Map<string, number>();
  let hard = 0;
  for (const message of messages) {
    const events = await read(message, signedFor("user@example.org"));
    for (const { kind, severity } of events) {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (severity === "hard") hard++;
    }
  }
  const said = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(", ");
  return {
    pass: hard === 0 && !kinds.has("delivery"),
    figures: `${messages.length} messages: ${said}; ${hard} hard`,
  };
}

/** Every connection that the whole service opens while it takes reports of every kind, seen by the kernel. */
const noMailOut = (): Promise<Outcome> =>
  withService({ roles: "smtp,worker,record,http" }, async ({ smtpPort, pid, queues, dataDir }) => {
    const trace = join(dataDir, "connects");
    const strace = spawn("strace", ["-f", "-qq", "-e", "trace=connect,sendto", "-o", trace, "-p", String(pid)]);
    await until(
      "strace",
      () => execFileSync("grep", ["TracerPid", `/proc/${pid}/status`], { encoding: "utf8" }).trim() !== "TracerPid:\t0",
    );
    const files = globSync("fixtures/eml/*/*.eml").filter((_, n) => n % 3 === 0);
    for (const file of files) await deliver(smtpPort, readFileSync(file, "latin1").replaceAll(/\r?\n/g, "\r\n"));
    await untilLogged({ queues });
    strace.kill("SIGINT");
    await once(strace, "exit");
    const outbound = readFileSync(trace, "utf8")
      .split("\n")
      .filter((line) => /connect\(.*AF_INET/.test(line)).length;
    return { pass: outbound === 0, figures: `${files.length} messages of all kinds, ${outbound} outbound connections` };
  });

export const IDENTITY: readonly Scenario[] = [
  { id: "D15", what: "does the service ever send anything?", run: noMailOut },
  { id: "F01", what: "forged reports on 1,000 victims", run: forged },
  { id: "F04", what: "one valid bounce 10,000 times", run: replayed },
  { id: "F05", what: "a valid signature, and a report that names somebody else", run: someoneElse },
  { id: "F06", what: "the same message delivered twice", run: twice },
  { id: "F07", what: "delayed, failed and delivered in every order", run: anyOrder },
  { id: "F08", what: "a flood of bad signatures beside good mail", run: flood },
  { id: "F09", what: "wording and time of refusals", run: timing },
  { id: "F10", what: "automatic replies, receipts, challenges, 101 hops", run: loops },
];
