/** `bounced config` shows what is in force, and no secret, wherever one can stand. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { configFileSchema } from "../../src/config/config-file.ts";
import { environmentSchema } from "../../src/config/config.ts";
import { hideInUrl, hideSecrets, SECRETS } from "../../src/machine/secrets.ts";
import { runBounced } from "../support/run-bounced.ts";

const MARK = "hideme";
const FILE = `
returnPath: { batv: { secrets: [${MARK}-1] }, srs: { secrets: [${MARK}-2] } }
webhooks:
  - id: crm
    url: "https://user:${MARK}-3@hooks.example/services/${MARK}aaaaaaaaaaaaaaaaaaaa?key=${MARK}-4&${MARK}-5"
    secret: ${MARK}-6-long-enough
    headers: { authorization: "Bearer ${MARK}-7", x-api-key: "${MARK}-8" }
forward: { to: ops@example.org, from: b@example.org, relay: "smtps://mailer:${MARK}-9@relay.example:465" }
mailboxes:
  - { host: imap.example, user: bounces, password: ${MARK}-10 }
  - { host: imap.example, user: bounces, accessToken: ${MARK}-11 }
`;

test("config prints no secret, as text and as JSON, and what is not secret in full", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-config-"));
  writeFileSync(join(folder, "bounced.yaml"), FILE);
  const env = {
    BOUNCED_CONFIG: join(folder, "bounced.yaml"),
    BOUNCED_SECRET: `${MARK}-12,${MARK}-13`,
    REDIS_URL: `redis-sentinel://:${MARK}-14@a.example,b.example/main?sentinelPassword=${MARK}-15`,
    DATABASE_URL: `postgres://bounced@db.example/log?password=${MARK}-16&sslmode=require`,
  };
  for (const words of [["config"], ["config", "--json"]]) {
    const { code, stdout } = await runBounced(words, { env });
    expect(code).toBe(0);
    expect(stdout).not.toContain(MARK);
    for (const plain of [
      "hooks.example/services/",
      "relay.example:465",
      "imap.example",
      "a.example,b.example/main",
      "db.example/log",
    ])
      expect(stdout).toContain(plain);
  }
});

test("a mistake in a setting is named without what is secret in it", async () => {
  const env = { REDIS_URL: `redis://u:${MARK}@host/0?nonsense=${MARK}`, BOUNCED_SMTP_PORT: "none" };
  const { code, stderr } = await runBounced(["config"], { env });
  expect([code, stderr.includes(MARK)]).toEqual([2, false]);
  expect(stderr).toContain("BOUNCED_SMTP_PORT=none: expected a whole number");
});

test.each([
  ["redis://:pa/ss@host:6379/0", "redis://***@host:6379/0"],
  ["postgres://token@host/db", "postgres://***@host/db"],
  ["https://host/hook?token", "https://host/hook?***"],
  ["https://host/a?b=c&d=e#f", "https://host/a?b=***&d=***#***"],
  [
    "https://hooks.example/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "https://hooks.example/services/T00000000/B00000000/***",
  ],
  ["https://host.example/bounces.php", "https://host.example/bounces.php"],
  ["unix:/run/redis.sock", "unix:/run/redis.sock"],
  ["127.0.0.1", "127.0.0.1"],
])("%s is shown as %s", (url, shown) => expect(hideInUrl(url)).toBe(shown));

/** Fields that sound like a secret and are none. */
const HARMLESS = new Set([
  "tokenMaxAgeDays",
  "BOUNCED_API_TOKENS",
  "BOUNCED_TLS_KEY",
  "passwordFile",
  "clientSecretFile",
  "accessTokenFile",
]);

test("every setting that sounds like a secret is marked as one", () => {
  const unmarked: string[] = [];
  const visit = (schema: z.core.$ZodType, path: string): void => {
    if (SECRETS.has(schema)) return;
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type === "object")
      for (const [key, field] of Object.entries(def.shape)) {
        const isMarked = SECRETS.has(field);
        const isGroup = JSON.stringify(hideSecrets(field, ["x"])) === '["***"]';
        if (
          /secret|password|token|private_?key|api_?key|credential|_KEY$/i.test(key) &&
          !HARMLESS.has(key) &&
          !isMarked &&
          !isGroup
        )
          unmarked.push(`${path}${key}`);
        visit(field, `${path}${key}.`);
      }
    else if (def.type === "array") visit(def.element, path);
    else if (def.type === "record") visit(def.valueType, path);
    else if (def.type === "union") def.options.forEach((option) => visit(option, path));
    else if (def.type === "pipe") visit(def.in, path);
    else if ("innerType" in def) visit(def.innerType, path);
  };
  visit(environmentSchema, "");
  visit(configFileSchema, "");
  expect(unmarked).toEqual([]);
});
