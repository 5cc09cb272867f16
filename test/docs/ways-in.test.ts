/** Runs what docs/ways-in.md tells its readers to copy. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { configFileSchema } from "../../src/config/config-file.ts";
import type { AcceptedEnvelope } from "../../src/intake/accept.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import { startHarness, type Harness } from "../http/harness.ts";
import { blockOf, blocksOf } from "../support/docs.ts";

const PAGE = "ways-in.md";
const MAIL = "Return-Path: <>\nEnvelope-To: b+x@bounces.example.com\nSubject: back\n\nno such user\n";
const accepted: (ReceivedMessage & AcceptedEnvelope)[] = [];
let folder: string;
let harness: Harness;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-docs-"));
  harness = await startHarness({
    intake: {
      accept(message, envelope) {
        accepted.push({ ...message, ...envelope });
        return Promise.resolve("m1");
      },
    },
  });
  url = await harness.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

test("curl hands in a message with its envelope", async () => {
  writeFileSync(join(folder, "returned.eml"), MAIL);
  const script = blockOf(PAGE, "HTTP", "sh").replace("http://127.0.0.1:8025", url);
  const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", script], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", BOUNCED_TOKEN: harness.tokens.operator },
  });
  expect(JSON.parse(stdout)).toEqual({ id: "m1" });
  expect(accepted.at(-1)).toMatchObject({
    reversePath: "",
    forwardPaths: ["b+user=example.org@bounces.example.com"],
  });
});

test("the e-mail worker hands in a message, and fails when it is rejected", async () => {
  const worker = blocksOf(PAGE).find(({ text }) => text.includes("async email("))?.text ?? "";
  const { default: exported } = (await import(`data:text/javascript,${encodeURIComponent(worker)}`)) as {
    default: { email: (message: object, env: object) => Promise<void> };
  };
  const deliver = (token: string): Promise<void> =>
    exported.email(
      { to: "b+z@bounces.example.com", from: "", raw: new Blob([MAIL]).stream() },
      { BOUNCED_URL: url, BOUNCED_TOKEN: token },
    );
  await deliver(harness.tokens.operator);
  expect(accepted.at(-1)).toMatchObject({ reversePath: "", forwardPaths: ["b+z@bounces.example.com"] });
  await expect(deliver(harness.tokens.viewer)).rejects.toThrow("not accepted: 403");
});

test("the mailboxes of bounced.yaml are valid", () => {
  const { mailboxes } = configFileSchema.parse(parse(blockOf(PAGE, "IMAP", "yaml")));
  expect(mailboxes).toMatchObject([
    { host: "imap.example.com", port: 993, tls: "implicit", after: "move", moveTo: "Bounced" },
    { host: "outlook.office365.com", after: "seen" },
  ]);
});
