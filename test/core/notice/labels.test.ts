import { expect, test } from "vitest";
import { readLabel } from "../../../src/core/notice/labels.ts";

test.each([
  ["Empfänger: ann@example.org", "recipient", "ann@example.org"],
  ["  - Recipient(s):  ann@example.org", "recipient", "ann@example.org"],
  ["Diagnostic-Code: smtp; 550", "reason", "smtp; 550"],
  ["À : ann@example.org", "to", "ann@example.org"],
  ["【收件人】ann@example.org", "to", "ann@example.org"],
  ["收件人（Recipient）：ann@example.org", "to", "ann@example.org"],
  ["[宛先] ann@example.org", "to", "ann@example.org"],
  ["Grund / Reason: voll", "reason", "voll"],
  ["Remote system: dns;mx.example.org", "remote", "dns;mx.example.org"],
  ["Betreff:", "subject", ""],
  ["X-Mailer: Something", null, "Something"],
])("%s", (line, label, value) => expect(readLabel(line)).toEqual({ label, value }));

test.each([
  "ann@example.org",
  "It failed.",
  "address(es) failed",
  ">>> RCPT TO:<ann@example.org>",
  `${"x".repeat(2_000)}: y`,
])("%s is no label", (line) => expect(readLabel(line)?.label ?? null).toBeNull());
