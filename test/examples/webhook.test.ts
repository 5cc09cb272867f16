/** The receivers of docs/webhooks.md, each as a process of its own, given deliveries that `deliver` really signs. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createBreaker } from "../../src/outputs/breaker.ts";
import { deliver } from "../../src/outputs/deliver.ts";
import { webhookRequestOf } from "../../src/outputs/webhook-request.ts";
import { webhooksSchema, type WebhookEndpoint } from "../../src/outputs/webhook-settings.ts";
import { sampleEvent } from "../support/event.ts";
import { freePort } from "../support/free-port.ts";

const RECEIVERS: readonly (readonly [language: string, command: (port: number) => readonly string[]])[] = [
  ["TypeScript", () => [process.execPath, "examples/webhook.mts"]],
  ["Python", () => ["python3", "examples/webhook.py"]],
  ["PHP", (port) => ["php", "-S", `127.0.0.1:${port}`, "examples/webhook.php"]],
  ["Go", () => ["go", "run", "examples/webhook.go"]],
  ["Ruby", () => ["ruby", "examples/webhook.rb"]],
];

let child: ChildProcess | null = null;
afterEach(async () => {
  if (!child?.pid || child.exitCode !== null) return;
  const ended = once(child, "exit");
  // `go run` has a child of its own.
  process.kill(-child.pid, "SIGKILL");
  await ended;
});

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() !== undefined));
    socket.on("error", () => resolve(false));
  });

for (const [language, command] of RECEIVERS)
  for (const secret of ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "any-long-random-text"])
    test(`${language} accepts what is signed with ${secret.slice(0, 6)}…, and nothing else`, async () => {
      const port = await freePort();
      const [program = "", ...words] = command(port);
      child = spawn(program, words, {
        detached: true,
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) },
      });
      let printed = "";
      child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      await expect.poll(() => isListening(port), { timeout: 150_000, interval: 200 }).toBe(true);

      const url = `http://127.0.0.1:${port}/hook`;
      const [endpoint] = webhooksSchema.parse([{ id: "test", url, secret, allowPrivate: true }]);
      const event = sampleEvent({ id: "event-1", explanation: "Größe überschritten: 容量" });
      await deliver(endpoint as WebhookEndpoint, [event], { breaker: createBreaker(), log: async () => undefined });
      await expect.poll(() => printed, { timeout: 10_000 }).toContain("bounce.mailbox_unknown event-1");

      const post = async (now: Date, change: (body: string) => string = (body) => body): Promise<number> => {
        const request = webhookRequestOf(endpoint as WebhookEndpoint, [event], now);
        const { body = "", headers = {} } = request ?? {};
        return (await fetch(url, { method: "POST", headers, body: change(body) })).status;
      };
      expect(await post(new Date())).toBe(204);
      expect(await post(new Date(), (body) => body.replace("hard", "soft"))).toBe(401);
      expect(await post(new Date(Date.now() - 10 * 60_000))).toBe(401);
      expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
    }, 240_000);
