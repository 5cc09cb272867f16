/** docs/stacks: programs between bounced and the API of an application, against recorded requests of that API. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { parse } from "yaml";
import type { BouncedEvent } from "../../../src/event/event.ts";
import { createBreaker } from "../../../src/outputs/breaker.ts";
import { deliver } from "../../../src/outputs/deliver.ts";
import { webhooksSchema, type WebhookEndpoint } from "../../../src/outputs/webhook-settings.ts";
import { blocksOf } from "../../support/docs.ts";
import { sampleEvent } from "../../support/event.ts";
import { freePort } from "../../support/free-port.ts";

vi.setConfig({ testTimeout: 60_000 });
const folder = mkdtempSync(join(tmpdir(), "bounced-apps-"));
cpSync("examples/receive.mts", join(folder, "receive.mts"));
symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Recorded {
  readonly method: string | undefined;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}
const HARD = sampleEvent({ id: "hard", explanation: "There is no mailbox with this address." });
const COMPLAINT = sampleEvent({ id: "complaint", kind: "complaint", severity: "complaint", reason: "complaint" });
const address = HARD.recipient.mailed ?? "";

/** Runs the program of a page; returns what it asked of the application, whose answers to GET are given. */
async function requestsOf(page: string, env: (url: string) => Record<string, string>, answer: unknown) {
  const recorded: Recorded[] = [];
  let isDown = true;
  const app = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url = "", headers } = request;
      if (!isDown) {
        const json: unknown = body === "" ? null : JSON.parse(body);
        recorded.push({ method, url: decodeURIComponent(url), authorization: headers.authorization, body: json });
      }
      response.writeHead(isDown ? 503 : 200).end(JSON.stringify(method === "GET" ? answer : {}));
    });
  }).listen(0, "127.0.0.1");
  await once(app, "listening");
  const [code, settings] = [blocksOf(`stacks/${page}.md`).at(-2), blocksOf(`stacks/${page}.md`).at(-1)];
  writeFileSync(join(folder, `${page}.mts`), code?.text ?? "");
  const { webhooks } = parse(settings?.text ?? "") as { webhooks: [{ secret: string }] };
  const port = await freePort();
  const child = spawn(process.execPath, [`${page}.mts`], {
    cwd: folder,
    env: {
      PORT: String(port),
      WEBHOOK_SECRET: webhooks[0].secret,
      ...env(`http://127.0.0.1:${(app.address() as AddressInfo).port}`),
    },
    stdio: ["ignore", "inherit", "ignore"],
  });
  const ended = once(child, "exit");
  await expect.poll(() => isListening(port), { timeout: 30_000 }).toBe(true);
  const [endpoint] = webhooksSchema.parse([{ ...webhooks[0], url: `http://127.0.0.1:${port}/` }]);
  const send = (event: BouncedEvent): Promise<void> =>
    deliver(endpoint as WebhookEndpoint, [event], { breaker: createBreaker(), log: async () => undefined });
  // While the application is down, bounced must send again.
  await expect(send(HARD)).rejects.toThrow("500");
  isDown = false;
  await send(HARD);
  await send(COMPLAINT);
  expect((await fetch(endpoint?.url ?? "", { method: "POST", body: "{}" })).status).toBe(401);
  child.kill("SIGKILL");
  await ended;
  app.close();
  return recorded;
}
const isListening = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(socket.destroy() !== undefined));
    socket.on("error", () => done(false));
  });
const methodsOf = (recorded: readonly Recorded[]) => recorded.map(({ method, url }) => `${method} ${url}`);

test("Mautic: Do Not Contact, for the very address", async () => {
  const contactOf = (id: number, email: string) => ({ id, fields: { all: { email } } });
  const contacts = { "7": contactOf(7, address.toUpperCase()), "8": contactOf(8, `x${address}`) };
  const env = (MAUTIC_URL: string) => ({ MAUTIC_URL, MAUTIC_USER: "bounced", MAUTIC_PASSWORD: "password" });
  const recorded = await requestsOf("mautic", env, { total: "2", contacts });
  const search = `GET /api/contacts?minimal=true&search=email:${address}`;
  const add = "POST /api/contacts/7/dnc/email/add";
  expect(methodsOf(recorded)).toEqual([search, add, search, add]);
  expect(recorded[1]).toMatchObject({
    authorization: `Basic ${Buffer.from("bounced:password").toString("base64")}`,
    body: { reason: 2, comments: HARD.explanation },
  });
  expect(recorded[3]).toMatchObject({ body: { reason: 1 } });
});

test("Keila: the status of the contact", async () => {
  const env = (KEILA_URL: string) => ({ KEILA_URL, KEILA_API_KEY: "key" });
  const recorded = await requestsOf("keila", env, { data: [{ id: "c_1" }] });
  const find = `GET /api/v1/contacts?filter={"email":"${address}"}`;
  expect(methodsOf(recorded)).toEqual([find, "PATCH /api/v1/contacts/c_1", find, "PATCH /api/v1/contacts/c_1"]);
  expect(recorded[1]).toMatchObject({ authorization: "Bearer key", body: { data: { status: "unreachable" } } });
  expect(recorded[3]).toMatchObject({ body: { data: { status: "unsubscribed" } } });
});

test("Ghost: no newsletters, a label, a note; its own labels stay", async () => {
  const key = "5f3a1b2c:0a1b2c3d4e5f";
  const env = (GHOST_URL: string) => ({ GHOST_URL, GHOST_ADMIN_API_KEY: key });
  const recorded = await requestsOf("ghost", env, { members: [{ id: "m1", note: "VIP", labels: [{ name: "Paid" }] }] });
  const find = `GET /ghost/api/admin/members/?filter=email:'${address}'`;
  const put = "PUT /ghost/api/admin/members/m1/";
  expect(methodsOf(recorded)).toEqual([find, put, find, put]);
  const labels = [{ name: "Paid" }, { name: "Bounced" }];
  expect(recorded[1]?.body).toEqual({ members: [{ newsletters: [], labels, note: `VIP\n${HARD.explanation}` }] });
  const [head = "", body = "", signature] = (recorded[0]?.authorization ?? "").replace("Ghost ", "").split(".");
  const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  expect(decoded(head)).toEqual({ alg: "HS256", typ: "JWT", kid: "5f3a1b2c" });
  expect(decoded(body)).toMatchObject({ aud: "/admin/" });
  const secret = Buffer.from("0a1b2c3d4e5f", "hex");
  expect(signature).toBe(createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url"));
});
