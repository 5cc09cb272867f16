import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../src/config/config.ts";
import { readMessage } from "../src/core/read-message.ts";
import { emptyRefusal } from "../src/core/classify/classify.ts";
import { classifyAndExplain } from "../src/core/classify/explained-verdict.ts";
import { readSettingsOf } from "../src/reading/read-settings.ts";

const path = join(mkdtempSync(join(tmpdir(), "bounced-settings-")), "bounced.yaml");
writeFileSync(path, "failureCodes: { codes: { 2101: Left the school }, reasons: { mailbox_unknown: 2101 } }");
const settings = readSettingsOf(loadConfig({ BOUNCED_CONFIG: path }));

test("verdicts carry the installation's own failure codes", () => {
  const verdict = classifyAndExplain({ ...emptyRefusal, text: "550 5.1.1 User unknown" }, settings);
  expect(verdict.codes.failureCode).toBe(2101);
});

test("so do the events of a message", async () => {
  const report = [
    "From: MAILER-DAEMON@mx.example",
    "To: bounces@sender.example",
    "Subject: Undelivered Mail Returned to Sender",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "Could not deliver.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example",
    "",
    "Final-Recipient: rfc822; gone@recipient.example",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
    "",
    "--b--",
    "",
  ].join("\r\n");
  const input = {
    octets: Buffer.from(report, "latin1"),
    truncated: false,
    size: report.length,
    sha256: "0".repeat(64),
    receivedAt: null,
    envelope: { reversePath: "", forwardPath: "bounces@sender.example" },
    remoteAddress: null,
  };
  const [event] = await readMessage(input, settings);
  expect(event?.codes.failureCode).toBe(2101);
});
