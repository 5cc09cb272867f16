import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { isMailboxPlace } from "../../src/sources/drain-mailbox.ts";
import { mailboxSchema } from "../../src/sources/mailbox-settings.ts";
import { watchMailbox, type WatchedMailbox } from "../../src/sources/mailbox.ts";
import { openProgressFile } from "../../src/sources/progress-file.ts";
import { NotAccepted, type AcceptedEnvelope } from "../../src/intake/accept.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import { startTestDovecot, type TestDovecot } from "../support/dovecot.ts";

let dovecot: TestDovecot;
let folder: string;
let running: WatchedMailbox | null = null;

beforeAll(async () => {
  dovecot = await startTestDovecot();
  folder = mkdtempSync(join(tmpdir(), "bounced-mailbox-"));
});
afterEach(async () => {
  await running?.stop();
  running = null;
});
afterAll(async () => {
  await dovecot.stop();
  rmSync(folder, { recursive: true, force: true });
});

const mail = (name: string): string => `Delivered-To: ${name}@b.example\nSubject: ${name}\n\n${name}\n`;

/** A mailbox watched with an intake that writes down what it takes, or refuses while `isAway`. */
function watch(user: string, settings: Record<string, unknown> = {}) {
  const accepted: (ReceivedMessage & AcceptedEnvelope)[] = [];
  const warnings: string[] = [];
  const state = { isAway: false };
  const log = (entry: unknown): void => void warnings.push(JSON.stringify(entry));
  const start = (): WatchedMailbox =>
    (running = watchMailbox({
      settings: mailboxSchema.parse({
        host: "localhost",
        port: dovecot.tlsPort,
        caFile: dovecot.caFile,
        user,
        ...(settings["accessToken"] === undefined ? { password: dovecot.password } : {}),
        pollSeconds: 600,
        ...settings,
      }),
      places: openProgressFile(join(folder, `${user}.json`), isMailboxPlace),
      maxBytes: 10_000,
      ingest: {
        keepBytes: 100_000,
        intake: {
          accept(message, envelope) {
            if (state.isAway) return Promise.reject(new NotAccepted("away"));
            accepted.push({ ...message, ...envelope });
            return Promise.resolve("id");
          },
        },
      },
      logger: { info: () => undefined, debug: () => undefined, warn: log, error: log },
    }));
  start();
  const names = (): readonly string[] => accepted.map(({ forwardPaths }) => String(forwardPaths[0]).split("@")[0]!);
  return { accepted, warnings, state, start, names };
}

const until = (expectation: () => void): Promise<void> => vi.waitFor(expectation, { timeout: 20_000, interval: 50 });

test("what lies there is read in order, what comes later at once (IDLE), each marked when durable", async () => {
  dovecot.deliver("ann", mail("one"));
  dovecot.deliver("ann", mail("two"));
  const { names, accepted } = watch("ann");
  await until(() => expect(names()).toEqual(["one", "two"]));
  expect(accepted[0]).toMatchObject({ reversePath: null, remoteAddress: null, truncated: false });
  expect(Date.parse(accepted[0]?.receivedAt ?? "")).toBeGreaterThan(0);
  await until(() => expect(dovecot.messages("ann").filter((name) => name.includes("S"))).toHaveLength(2));
  dovecot.deliver("ann", mail("three"));
  await until(() => expect(names()).toEqual(["one", "two", "three"]));
});

test("it goes on where it stopped, and reads all again when the server numbers anew", async () => {
  dovecot.deliver("bob", mail("one"));
  const { names, start } = watch("bob", { after: "keep" });
  await until(() => expect(names()).toEqual(["one"]));
  await running?.stop();
  dovecot.deliver("bob", mail("two"));
  start();
  await until(() => expect(names()).toEqual(["one", "two"]));
  expect(dovecot.messages("bob").some((name) => name.endsWith("S"))).toBe(false);
  await running?.stop();
  dovecot.renumber("bob");
  // UIDVALIDITY is a time in seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  start();
  await until(() => expect(names()).toEqual(["one", "two", "one", "two"]));
});

test("while Redis is away nothing is marked; afterwards all is there", async () => {
  dovecot.deliver("eve", mail("one"));
  const { names, warnings, state } = watch("eve", { after: "delete" });
  state.isAway = true;
  await until(() => expect(warnings.join()).toContain("did not confirm"));
  expect(dovecot.messages("eve")).toHaveLength(1);
  state.isAway = false;
  await until(() => expect(names()).toEqual(["one"]));
  await until(() => expect(dovecot.messages("eve")).toEqual([]));
});

test("moved to a folder, which is made", async () => {
  dovecot.deliver("fay", mail("one"));
  const { names } = watch("fay", { after: "move", moveTo: "Done" });
  await until(() => expect(names()).toEqual(["one"]));
  await until(() => expect(dovecot.messages("fay", "Done")).toHaveLength(1));
  await until(() => expect(dovecot.messages("fay")).toEqual([]));
});

test("with an OAuth2 token, and over STARTTLS", async () => {
  dovecot.deliver("gil", mail("one"));
  const token = watch("gil", { accessToken: dovecot.password });
  await until(() => expect(token.names()).toEqual(["one"]));
  await running?.stop();
  dovecot.deliver("gil", mail("two"));
  const starttls = watch("gil", { port: dovecot.port, tls: "starttls" });
  await until(() => expect(starttls.names()).toEqual(["two"]));
});

test("a message that is too big is named and left; the rest is read", async () => {
  dovecot.deliver("hal", mail("x".repeat(20_000)));
  dovecot.deliver("hal", mail("two"));
  const { names, warnings } = watch("hal");
  await until(() => expect(names()).toEqual(["two"]));
  expect(warnings.join()).toContain("UID 1");
});

test("a wrong password is told in the server's words, and a password file is read anew at the next try", async () => {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "wrong\n");
  dovecot.deliver("ida", mail("one"));
  const { names, warnings } = watch("ida", { password: undefined, passwordFile });
  await until(() => expect(warnings.join()).toContain("Authentication failed"));
  writeFileSync(passwordFile, `${dovecot.password}\n`);
  await until(() => expect(names()).toEqual(["one"]));
}, 60_000);

test("a certificate that nobody vouches for is refused", async () => {
  dovecot.deliver("jon", mail("one"));
  const { names, warnings } = watch("jon", { caFile: undefined });
  await until(() => expect(warnings.join()).toMatch(/self-signed|unable to verify/i));
  expect(names()).toEqual([]);
});

test.each([
  [{}, "expected one of password"],
  [{ password: "a", accessToken: "b" }, "expected one of password"],
  [{ password: "a", tls: "none" }, "without TLS only a server on this machine"],
])("settings %j: %s", (settings, message) => {
  const parsed = mailboxSchema.safeParse({ host: "imap.example.com", user: "u", ...settings });
  expect(parsed.error?.issues.map((issue) => issue.message).join()).toContain(message);
});
