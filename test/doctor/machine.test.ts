import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Check, Resolver } from "../../src/doctor/check.ts";
import { checkListener, checkPort25, checkSecret, checkTls } from "../../src/doctor/listener.ts";
import { checkDisk, checkOwnRules } from "../../src/doctor/machine.ts";

const run = async (check: Check, environment: Record<string, string>, now = Date.now()) => {
  const [finding] = await check({ config: loadConfig(environment), resolver: {} as Resolver, now, mxPort: 25 });
  return finding;
};
const folder = mkdtempSync(join(tmpdir(), "bounced-doctor-"));

async function makePair(name: string, days: number) {
  const pair = await generate([{ name: "commonName", value: "mx.example.com" }], {
    notAfterDate: new Date(Date.now() + days * 86_400_000),
  });
  const cert = join(folder, `${name}.crt`);
  const key = join(folder, `${name}.key`);
  writeFileSync(cert, pair.cert);
  writeFileSync(key, pair.private);
  return { cert, key };
}

test("a certificate is judged by its key and its days left", async () => {
  const long = await makePair("long", 90);
  const short = await makePair("short", 5);
  const env = (cert: string, key: string) => ({ BOUNCED_TLS_CERT: cert, BOUNCED_TLS_KEY: key });
  expect((await run(checkTls, env(long.cert, long.key)))?.state).toBe("ok");
  expect((await run(checkTls, env(short.cert, short.key)))?.state).toBe("warn");
  expect((await run(checkTls, env(long.cert, long.key), Date.now() + 200 * 86_400_000))?.state).toBe("fail");
  expect((await run(checkTls, env(long.cert, short.key)))?.found).toContain("is not the key of");
  expect((await run(checkTls, env(join(folder, "none"), long.key)))?.state).toBe("fail");
  expect((await run(checkTls, {}))?.state).toBe("warn");
});

test.each([
  ["", "warn"],
  ["short", "warn"],
  ["changemechangemechangemechangeme", "warn"],
  ["0123456789abcdef0123456789abcdef", "ok"],
])("return-path key %j: %s", async (secret, state) => {
  expect((await run(checkSecret, { BOUNCED_SECRET: secret }))?.state).toBe(state);
});

test("a port where nobody answers, or another program", async () => {
  const server = createServer((socket) => socket.end("220 mx.example.com ESMTP Postfix\r\n")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const port = String((server.address() as AddressInfo).port);
  expect(await run(checkListener, { BOUNCED_SMTP_PORT: port })).toMatchObject({
    state: "fail",
    found: expect.stringContaining("ESMTP Postfix"),
  });
  await new Promise((resolve) => server.close(resolve));
  expect(await run(checkListener, { BOUNCED_SMTP_PORT: port })).toMatchObject({
    state: "warn",
    todo: expect.stringContaining("bounced serve"),
  });
});

test("rules of your own are checked, not only found", async () => {
  const rule = (id: string, phrase: string) =>
    `- id: ${id}\n  when: { any: ["${phrase}"] }\n  reason: mailbox_full\n  because: It is full.\n  source: ours\n  examples: [{ text: "550 the cupboard is bare" }]\n`;
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return { BOUNCED_RULES: join(folder, name) };
  };
  expect((await run(checkOwnRules, {}))?.state).toBe("ok");
  expect((await run(checkOwnRules, write("good.yaml", rule("own/bare", "cupboard is bare"))))?.state).toBe("ok");
  expect(await run(checkOwnRules, write("lost.yaml", rule("own/lost", "something else")))).toMatchObject({
    state: "fail",
    found: expect.stringContaining("own/lost"),
  });
  expect((await run(checkOwnRules, write("bad.yaml", "- id: [")))?.state).toBe("fail");
  expect((await run(checkOwnRules, { BOUNCED_RULES: join(folder, "none.yaml") }))?.state).toBe("fail");
});

test("a data directory that cannot be made is named", async () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  expect((await run(checkDisk, { BOUNCED_DATA_DIR: join(file, "data") }))?.state).toBe("fail");
  expect((await run(checkDisk, { BOUNCED_DATA_DIR: folder }))?.state).not.toBe("fail");
  const mistyped = join(folder, "mistyped");
  expect((await run(checkDisk, { BOUNCED_DATA_DIR: mistyped }))?.state).toBe("warn");
  expect(existsSync(mistyped)).toBe(false);
});

test("port 25 matters once the domains are real", async () => {
  expect((await run(checkPort25, {}))?.state).toBe("skip");
  expect((await run(checkPort25, { BOUNCED_DOMAINS: "bounces.example.com" }))?.state).toBe("warn");
  expect((await run(checkPort25, { BOUNCED_SMTP_PORT: "25" }))?.state).toBe("ok");
});
