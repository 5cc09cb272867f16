/** Runs as a child of policy.ts: `node policy-server.ts ENTRIES`. -1: a server that knows nothing and always passes. */
import { createServer, type AddressInfo } from "node:net";
import { configFileSchema } from "../src/config/config-file.ts";
import { returnPathSettingsOf } from "../src/return-path/settings.ts";
import { bansWith } from "../src/erasure/ban.ts";
import { createAnswers } from "../src/policy/answer.ts";
import { keepCurrent } from "../src/policy/keep-current.ts";
import { startPolicyServer } from "../src/policy/server.ts";
import type { Suppression } from "../src/store/suppressions/suppression.ts";

/** Asks and answers of its parent. */
export interface Usage {
  /** Processor time so far, in ms. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

const entries = Number(process.argv[2]);
const AT = "2026-03-02T09:30:00.000Z";

async function* list(): AsyncGenerator<Suppression, void, undefined> {
  for (let n = 0; n < entries; n++)
    yield {
      scope: "address",
      value: `user${n}@example${n % 5000}.org`,
      stream: "",
      cause: "hard",
      reason: "mailbox_unknown",
      eventId: n.toString(16).padStart(32, "0"),
      note: "",
      actor: "policy",
      createdAt: AT,
      updatedAt: AT,
      expiresAt: null,
    };
}

async function listen(): Promise<number> {
  if (entries < 0) {
    const server = createServer({ noDelay: true }, (socket) => {
      let buffer = "";
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        buffer += chunk;
        const parts = buffer.split("\n\n");
        buffer = parts.pop() ?? "";
        socket.write("action=DUNNO\n\n".repeat(parts.length));
      });
      socket.on("error", () => socket.destroy());
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    return (server.address() as AddressInfo).port;
  }
  const current = keepCurrent({
    suppressions: {
      cursor: async () => "0",
      changes: async () => ({ changes: [], next: "0", more: false }),
      iterate: list,
    },
    bans: bansWith([]),
    onError: (error) => console.error(error),
  });
  await current.loaded;
  const file = configFileSchema.parse({});
  const answer = createAnswers({
    current,
    settings: file.policy,
    stream: "none",
    returnPath: returnPathSettingsOf({ BOUNCED_SECRET: [], file }),
  });
  return (await startPolicyServer({ host: "127.0.0.1", port: 0, answer })).port;
}

const port = await listen();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, residentBytes: process.memoryUsage.rss() } satisfies Usage);
});
process.on("disconnect", () => process.exit(0));
process.send?.({ port });
