/** Every mail server of docs/proof.md, configured with the very text of that page, returns its mail to us. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import type { LogFormatId } from "../../src/follow/formats/ids.ts";
import { followSchema } from "../../src/follow/settings.ts";
import { blockOf, blocksOf } from "../support/docs.ts";
import { withInstalled } from "../support/docs-code.ts";
import { startExim } from "../support/mail-servers/exim.ts";
import { startHaraka } from "../support/mail-servers/haraka.ts";
import { startOpenSmtpd } from "../support/mail-servers/opensmtpd.ts";
import { startSendmail } from "../support/mail-servers/sendmail.ts";
import type { MailServer } from "../support/mail-servers/server.ts";
import { freePort, startPostfix } from "../support/postfix.ts";
import { failuresIn } from "../support/follow.ts";
import { provideRoot } from "../support/mail-servers/provide.ts";
import { startSyslog } from "../support/syslog.ts";
import { isSuppressed, proveWiring, reportAbout, SECRET, startWiring, type Wiring } from "./wiring.ts";

const PAGE = "proof.md";
const FIXED = "bounces@bounces.example.com";
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let wiring: Wiring;
beforeAll(async () => {
  wiring = await startWiring(blockOf(PAGE, "Exim", "yaml"));
});
afterAll(() => wiring.stop());

/** With the ports of this test for those of the page. */
const local = (text: string): string =>
  text
    .replaceAll("[192.0.2.25]", "[127.0.0.1]")
    .replaceAll(/\b2525\b/g, String(wiring.smtpPort))
    .replaceAll(/\b2424\b/g, String(wiring.lmtpPort));
const block = (heading: string, language: string): string => local(blockOf(PAGE, heading, language));

async function running(starting: Promise<MailServer>, work: (server: MailServer) => Promise<void>): Promise<void> {
  const server = await starting;
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

/** What `bounced follow` reads of the server's own log: who was refused, and nothing about anybody else. */
async function followed(format: LogFormatId, name: string, log: () => string): Promise<void> {
  const refused = ["nobody1", "nobody2"].map((local) => `${local}${name}@example.org`);
  const expected = refused.slice(0, format === "sendmail" ? 1 : 2);
  await expect
    .poll(async () => (await failuresIn(format, log())).failed.map(({ recipient }) => recipient).toSorted(), {
      timeout: 20_000,
      message: `failures in the log: ${log()}`,
    })
    .toEqual(expected);
  const { failed, unreadable } = await failuresIn(format, log());
  expect(unreadable).toEqual([]);
  for (const { diagnostic = "", reply = "" } of failed) expect(diagnostic + reply).toContain("User unknown");
}

describe("Postfix", () => {
  const postfix = (arrival: string): Promise<MailServer> =>
    startPostfix({
      relayPort: wiring.remotePort,
      mainCf: block("Postfix", "postfix") + block(arrival, "postfix"),
      files: { sender_canonical: block("Postfix", "regexp") },
    });

  test.each([
    ["Postfix has port 25", "smtp"],
    ["LMTP", "lmtp"],
    ["A relay in front", "relay"],
  ])("%s", async (heading, name) => {
    await running(postfix(heading), (server) => proveWiring(wiring, server, { name, unsigned: () => FIXED }));
  });

  test("Nodemailer signs for each recipient", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bounced-docs-"));
    await running(postfix("LMTP"), async (server) => {
      vi.stubEnv("SMTP_URL", `smtp://127.0.0.1:${server.port}?ignoreTLS=true`);
      vi.stubEnv("BOUNCED_SECRET", SECRET);
      const code = withInstalled(blockOf(PAGE, "From your program", "js"), "nodemailer");
      writeFileSync(join(folder, "send.mjs"), code);
      const { send } = (await import(pathToFileURL(join(folder, "send.mjs")).href)) as {
        send: (recipient: string, campaign: string, mail: object) => Promise<unknown>;
      };
      const [gone, fine] = ["nobody@example.org", "fine@example.org"] as const;
      for (const to of [gone, fine]) await send(to, "campaign-42", { from: "news@example.com", text: "Hello" });
      expect(await reportAbout(wiring, gone, server)).toMatchObject({
        authenticity: "proven",
        returnPath: { scheme: "signed", recipient: gone, tag: "campaign-42" },
        message: { envelope: { reversePath: "" } },
      });
      await expect.poll(() => isSuppressed(wiring, gone), { timeout: 30_000 }).toBe(true);
      expect(await isSuppressed(wiring, fine)).toBe(false);
    });
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
});

describe("Exim", () => {
  const exim = (index: number): Promise<MailServer> =>
    startExim({
      remotePort: wiring.remotePort,
      routers: block("Exim", "exim-routers"),
      transports: block("Exim", "exim-transports"),
      remoteRouter: blocksOf(PAGE).filter(({ language }) => language === "exim-router")[index]?.text ?? "",
    });

  test("VERP", async () => {
    const verp = (recipient: string): string => `b+${recipient.replace("@", "=")}@bounces.example.com`;
    await running(exim(0), async (server) => {
      await proveWiring(wiring, server, { name: "exim", unsigned: verp });
      const [log] = followSchema.parse(
        (parse(blockOf("senders/exim.md", "The log", "yaml")) as { follow: unknown }).follow,
      );
      await followed(log?.format ?? "postfix", "exim", () =>
        readFileSync(join(provideRoot("exim"), "log/mainlog"), "utf8"),
      );
    });
  });

  test("BATV, whose reports are credible", async () => {
    await running(exim(1), (server) =>
      proveWiring(wiring, server, {
        name: "batv",
        unsigned: () => expect.stringMatching(/^prvs=\w{10}=bounces@bounces\.example\.com$/) as string,
        unsignedSuppresses: true,
      }),
    );
  });
});

test("OpenSMTPD", async () => {
  const port = await freePort();
  const config = block("OpenSMTPD", "smtpd.conf").replace("port 25 ", `port ${port} `);
  await running(startOpenSmtpd(config, port, wiring.remotePort), async (server) => {
    await proveWiring(wiring, server, { name: "opensmtpd", unsigned: () => FIXED });
    await followed("opensmtpd", "opensmtpd", () => server.log());
  });
});

test("sendmail", async () => {
  const macros = block("sendmail", "sendmail.mc");
  const mailertable = block("sendmail", "mailertable");
  const syslog = await startSyslog(join(provideRoot("sendmail"), "dev/log"));
  try {
    await running(startSendmail({ remotePort: wiring.remotePort, macros, mailertable }), async (server) => {
      await proveWiring(wiring, server, { name: "sendmail", unsigned: null });
      await followed("sendmail", "sendmail", () => syslog.text());
    });
  } finally {
    await syslog.stop();
  }
});

test("Haraka", async () => {
  const toBounced = `exports.hook_get_mx = (next, hmail, domain) =>
  domain === "bounces.example.com" ? next(OK, [{ exchange: "127.0.0.1", port: ${wiring.smtpPort}, priority: 0 }]) : next();\n`;
  const plugins = { return_path: withInstalled(blockOf(PAGE, "Haraka", "js")), to_bounced: toBounced };
  await running(
    startHaraka({ remotePort: wiring.remotePort, plugins, env: { BOUNCED_SECRET: SECRET } }),
    async (server) => {
      const signed = expect.stringMatching(/^b\+1\w+@bounces\.example\.com$/) as string;
      await proveWiring(wiring, server, { name: "haraka", unsigned: () => signed, unsignedSuppresses: true });
    },
  );
});
