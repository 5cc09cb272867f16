/** Every row of the table of attacks in docs/proof.md is a test here, and every test a row. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import { readMessage } from "../../../src/core/read-message.ts";
import { isCredible } from "../../../src/event/credible.ts";
import { readWhole } from "../../../src/intake/message.ts";
import { readSettingsOf } from "../../../src/reading/read-settings.ts";
import { readReturnPath } from "../../../src/return-path/read.ts";
import { ATTACKS, DOMAIN, KEY, ME, SECRET, UNBOUND_KEY, UNBOUND_PATHS } from "./attack-list.ts";

const plain = readSettingsOf(loadConfig({ BOUNCED_SECRET: SECRET, BOUNCED_DOMAINS: DOMAIN }));
const names = ["example.com", "evil.example.com"].map((domain) => [`s1._domainkey.${domain}`, KEY.record] as const);
const unbound = { secrets: [UNBOUND_KEY] };
const returnPath = { ...plain.returnPath, batv: unbound, srs: unbound };
const settings = { ...plain, returnPath, dkim: { ...plain.dkim!, keys: new Map(names) } };

const read = ({ to, text, signals = [] }: (typeof ATTACKS)[number]["messages"][number]) =>
  readMessage(
    {
      ...readWhole(Buffer.from(text.replaceAll(/\r?\n/g, "\r\n")), 256 * 1024),
      receivedAt: new Date().toISOString(),
      envelope: { reversePath: "", forwardPath: to },
      remoteAddress: "192.0.2.1",
      signals,
    },
    settings,
  );

describe.each([...Map.groupBy(ATTACKS, ({ attacker }) => attacker)])("%s", (_, attacks) => {
  test.each(attacks.map(({ name, messages }) => [name, messages] as const))("%s", async (_, messages) => {
    let seen = 0;
    for (const message of messages)
      for (const { recipient, advice, ...event } of await read(message)) {
        seen++;
        if (isCredible(event)) expect(recipient.mailed).toBe(ME);
        else expect(advice).not.toBe("suppress");
      }
    expect(seen).toBeGreaterThan(0);
  });
});

test("the paths that name nobody are valid, so that the attacks are refused for no other reason", () => {
  for (const path of UNBOUND_PATHS)
    expect(readReturnPath(path, settings.returnPath, new Date())).toMatchObject({ check: "valid", recipient: null });
});

test("the table in docs/proof.md has a row for each of them, and no other", () => {
  const section = readFileSync("docs/proof.md", "utf8").split("\n## Attacks\n")[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$/gm)].map(
    ([, who, attack]) => `${who?.trim()}: ${attack?.trim()}`,
  );
  expect(rows.filter((row) => !/^(?:attacker|---)/.test(row))).toEqual(
    ATTACKS.map(({ attacker, name }) => `${attacker}: ${name}`),
  );
});
