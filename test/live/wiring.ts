/** bounced, a remote server that refuses, and a proof that a mail server between them returns its mail rightly. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { expect } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { returnPathSettingsOf } from "../../src/return-path/settings.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import type { MailServer } from "../support/mail-servers/server.ts";
import { freePort } from "../support/postfix.ts";
import { smtpRefusal, startRemoteSmtp } from "../support/remote-smtp.ts";
import { startTestService } from "../support/service.ts";

export const SECRET = "a-key-for-tests-only";
const DOMAIN = "bounces.example.com";
/** A sender that nothing signed, of the domain that the bounce domain belongs to. */
const PLAIN = "news@example.com";
const WITHIN = { timeout: 30_000, interval: 200 };

export interface Wiring {
  readonly remotePort: number;
  readonly smtpPort: number;
  readonly lmtpPort: number;
  readonly store: Store;
  /** Envelope sender of what the remote server was offered for a recipient. */
  senderSeen(recipient: string): string | undefined;
  stop(): Promise<void>;
}

/** `file` is a bounced.yaml. The remote server refuses every recipient that begins with "nobody". */
export async function startWiring(file: string): Promise<Wiring> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-wiring-"));
  writeFileSync(join(folder, "bounced.yaml"), file);
  const lmtpPort = await freePort();
  const environment = {
    BOUNCED_DATA_DIR: join(folder, "data"),
    BOUNCED_CONFIG: join(folder, "bounced.yaml"),
    BOUNCED_SECRET: SECRET,
    BOUNCED_LMTP_PORT: String(lmtpPort),
  };
  const service = await startTestService(environment, "smtp,worker,record");
  const store = await openStore(loadConfig(environment));
  const seen = new Map<string, string>();
  const remote = await startRemoteSmtp({
    hideENHANCEDSTATUSCODES: true,
    onRcptTo({ address }, { envelope }, callback) {
      seen.set(address, envelope.mailFrom === false ? "" : envelope.mailFrom.address);
      const refusal = `5.1.1 <${address}>: Recipient address rejected: User unknown`;
      callback(address.startsWith("nobody") ? smtpRefusal(550, refusal) : null);
    },
  });
  return {
    remotePort: remote.port,
    smtpPort: service.smtpPort,
    lmtpPort,
    store,
    senderSeen: (recipient) => seen.get(recipient),
    async stop() {
      await remote.stop();
      await service.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const signedFor = (recipient: string): string =>
  createReturnPath(
    { domain: DOMAIN, recipient, tag: "c42" },
    returnPathSettingsOf(loadConfig({ BOUNCED_SECRET: SECRET })),
    new Date(),
  );

async function send(port: number, from: string, to: string): Promise<void> {
  const transport = createTransport({ host: "127.0.0.1", port, ignoreTLS: true, name: "app.sender.example" });
  const id = `<${randomBytes(6).toString("hex")}@example.com>`;
  const raw = `From: news@example.com\r\nTo: ${to}\r\nSubject: News\r\nMessage-ID: ${id}\r\n\r\nHello.\r\n`;
  try {
    await transport.sendMail({ envelope: { from, to }, raw });
  } finally {
    transport.close();
  }
}

/** The report about a recipient, once the log has it. */
export async function reportAbout({ store }: Wiring, recipient: string, server?: MailServer): Promise<BouncedEvent> {
  const find = async () => (await store.search({ address: [recipient], limit: 5 })).entries;
  await expect
    .poll(async () => (await find()).length, { ...WITHIN, message: `a report about ${recipient}: ${server?.log()}` })
    .toBe(1);
  const event = (await find())[0]?.event;
  if (!event) throw new Error("no event");
  return event;
}

export async function isSuppressed({ store }: Wiring, address: string): Promise<boolean> {
  return (await store.suppressions.check([address]))[0]?.suppressed ?? false;
}

export interface Proof {
  /** Part of the addresses, so that servers do not meet. */
  readonly name: string;
  /** What the recipe makes of a sender elsewhere, for this recipient; null: it leaves it. */
  readonly unsigned: ((recipient: string) => string) | null;
  readonly unsignedSuppresses?: boolean;
}

/** A signed sender, a plain one and the null sender, to somebody whom the remote server refuses and to somebody it takes. */
export async function proveWiring(wiring: Wiring, server: MailServer, proof: Proof): Promise<void> {
  const { name, unsigned, unsignedSuppresses = false } = proof;
  // Short enough to be readable from the signed address.
  const [signedTo, plainTo] = [`nobody1${name}@example.org`, `nobody2${name}@example.org`] as const;
  const [fineSigned, finePlain, fineNull] = ["fine1", "fine2", "fine3"].map(
    (local) => `${local}${name}@example.org`,
  ) as [string, string, string];
  const signed = signedFor(signedTo);
  const signedToo = signedFor(fineSigned);
  await send(server.port, signed, signedTo);
  await send(server.port, signedToo, fineSigned);
  await send(server.port, PLAIN, finePlain);
  await send(server.port, "", fineNull);
  if (unsigned) await send(server.port, PLAIN, plainTo);

  expect(await reportAbout(wiring, signedTo, server)).toMatchObject({
    kind: "bounce",
    severity: "hard",
    reason: "mailbox_unknown",
    authenticity: "proven",
    recipient: { address: signedTo },
    returnPath: { scheme: "signed", recipient: signedTo, tag: "c42" },
    message: { envelope: { reversePath: "", forwardPath: signed } },
  });
  await expect.poll(() => isSuppressed(wiring, signedTo), WITHIN).toBe(true);
  if (unsigned) {
    const { message } = await reportAbout(wiring, plainTo, server);
    expect(message.envelope).toEqual({ reversePath: "", forwardPath: unsigned(plainTo) });
    if (unsignedSuppresses) await expect.poll(() => isSuppressed(wiring, plainTo), WITHIN).toBe(true);
    else expect(await isSuppressed(wiring, plainTo)).toBe(false);
  }
  await expect.poll(() => wiring.senderSeen(fineNull), WITHIN).toBe("");
  await expect.poll(() => wiring.senderSeen(fineSigned), WITHIN).toBe(signedToo);
  await expect.poll(() => wiring.senderSeen(finePlain), WITHIN).toEqual(unsigned?.(finePlain) ?? PLAIN);
}
