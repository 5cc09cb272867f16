import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMail } from "../../../src/core/mime/mail.ts";
import { readSignedData } from "../../../src/core/mime/signed-data.ts";
import { isTnef, readTnef } from "../../../src/core/mime/tnef.ts";
import { readOctets } from "../../support/fixtures.ts";

const report =
  "From: MAILER-DAEMON@mx.example\nTo: bounce@bounces.example\nSubject: Undelivered mail\n\n" +
  "Your message could not be delivered to:\n\n<user@example.org>\n    550 5.1.1 No such user\n";
const around = (header: string, text: string, ...parts: readonly string[]): string =>
  `${header}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="w"\n\n--w\nContent-Type: text/plain\n\n${text}\n` +
  parts.map((part) => `--w\nContent-Type: message/rfc822\n\n${part}\n`).join("") +
  "--w--\n";
const read = async (text: string) =>
  (await readOctets(Buffer.from(text))).map(({ kind, recipient, warnings }) => [
    kind,
    recipient.address,
    warnings.find(({ code }) => code === "wrapped")?.value,
  ]);

describe("what is wrapped", () => {
  test.each([
    [
      "a journal",
      around("From: a@x.example\nX-MS-Journal-Report:\n", "Sender: <>\nTo: bounce@bounces.example", report),
      "exchange-journal",
    ],
    [
      "SpamAssassin",
      around("From: a@x.example\nX-Spam-Flag: YES\n", "Spam detection software has …", report),
      "spamassassin",
    ],
    ["a forwarding rule", around("From: rule@x.example\n", "", report), "attachment"],
    [
      "a gateway with a disclaimer",
      around("From: postmaster@x.example\n", "This message was scanned by our gateway.", report),
      "attachment",
    ],
  ])("%s is opened", async (_, text, wrapper) => {
    expect(await read(text)).toEqual([["bounce", "user@example.org", wrapper]]);
  });

  test("who forwards a bounce with a question has not bounced anything", async () => {
    const text = around(
      "From: Lea <lea@x.example>\nSubject: Fwd: bounce\n",
      "Hi, can you have a look at the attached one?",
      report,
    );
    expect(await read(text)).toEqual([["unrecognized", null, undefined]]);
  });

  test("a digest gives events for each report, and one for a recipient named twice", async () => {
    const other = report.replaceAll("user@", "other@");
    expect(await read(around("From: list@x.example\n", "Digest of bounces of today", report, other, report))).toEqual([
      ["bounce", "user@example.org", "digest"],
      ["bounce", "other@example.org", "digest"],
    ]);
  });

  test("nothing inside a wrapper names our own address", async () => {
    const own = report.replaceAll("user@example.org", "bounce@bounces.example");
    const events = await readOctets(Buffer.from(around("From: a@x.example\nX-MS-Journal-Report:\n", "x", own)));
    expect(events.map(({ recipient }) => recipient.address)).toEqual([null]);
  });
});

const octetsIn = async (path: string): Promise<Uint8Array> => {
  const text = readFileSync(path, "latin1");
  return Buffer.from(/base64\n(?:Content-[^\n]*\n)*\n([A-Za-z0-9+/=\n]+)/.exec(text)![1]!, "base64");
};

describe("packed bodies", () => {
  test.each([
    ["S/MIME", "fixtures/eml/rfc3464/119-smime-opaque-signature.eml", readSignedData],
    ["TNEF", "fixtures/eml/rfc3464/120-tnef-winmail.eml", readTnef],
  ] as const)("%s: any octets, cut or changed anywhere, are read to an end", async (_, path, unpack) => {
    const octets = await octetsIn(path);
    fc.assert(
      fc.property(fc.nat(octets.length), fc.nat(octets.length - 1), fc.nat(255), (end, at, octet) => {
        const damaged = Uint8Array.from(octets);
        damaged[at] = octet;
        unpack(damaged.subarray(0, end));
        return true;
      }),
    );
  });

  test("nested indefinite lengths end", () => {
    expect(readSignedData(Buffer.from("3080".repeat(50_000), "hex"))).toBeNull();
  });

  test("what only calls itself winmail.dat is left alone", async () => {
    const mail = await parseMail(
      Buffer.from(
        'From: a@b.example\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="winmail.dat"\n\nnot TNEF at all\n',
      ),
    );
    expect(mail.parts.some(isTnef)).toBe(false);
  });
});
