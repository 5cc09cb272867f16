import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import { readMessage } from "../../../src/core/read-message.ts";
import { readSettingsOf } from "../../../src/reading/read-settings.ts";
import { messageInputOf } from "../../../src/sources/message-input.ts";

const settings = readSettingsOf(loadConfig({}));

async function suggestionFor(
  domain: string,
  reply = `5.4.4 Host or domain name not found (${domain})`,
): Promise<unknown> {
  const dsn = `From: MAILER-DAEMON@mx.example.com
To: news@shop.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; anna@${domain}
Action: failed
Status: 5.1.2
Diagnostic-Code: smtp; ${reply}

--b--
`;
  const [event] = await readMessage(messageInputOf(Buffer.from(dsn), 64 * 1024), settings);
  return event?.suggestion;
}

test.each([
  ["gmial.com", "gmail.com"],
  ["gmal.com", "gmail.com"],
  ["gnail.com", "gmail.com"],
  ["gmaill.com", "gmail.com"],
  ["gmail.con", "gmail.com"],
  ["gmail.co", "gmail.com"],
  ["GMAIL.CMO", "gmail.com"],
  ["yahoo.co.ukk", "yahoo.co.uk"],
  ["hotmial.fr", "hotmail.fr"],
  ["gxm.de", "gmx.de"],
])("%s was meant to be %s", async (domain, meant) => expect(await suggestionFor(domain)).toBe(meant));

test.each([
  ["a common domain whose name was not found", "gmail.com"],
  ["a domain that is near to none", "example.org"],
  ["two edits away", "gmmial.con"],
  ["a short name with another letter", "gmy.de"],
])("no suggestion for %s", async (_name, domain) => expect(await suggestionFor(domain)).toBeNull());

test("no suggestion where the domain takes mail and only the mailbox is missing", async () =>
  expect(await suggestionFor("gmial.com", "550 5.1.1 User unknown")).toBeNull());
