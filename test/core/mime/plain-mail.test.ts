import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readAnyMail } from "../../../src/core/mime/mail.ts";
import { readPlainMail, type PlainMail } from "../../../src/core/mime/plain-mail.ts";
import { repairOctets } from "../../../src/core/mime/repair.ts";

/** Part content compared as text: a Buffer and a Uint8Array of the same octets are equal for us. */
const comparable = (mail: PlainMail) => ({
  ...mail,
  parts: mail.parts.map((part) => ({ ...part, content: Buffer.from(part.content).toString("latin1") })),
});

/** As `parseMail` asks it, beside what mailparser makes of the same octets. */
function plainOf(octets: Uint8Array): { readonly raw: Uint8Array; readonly plain: PlainMail | null } {
  const { raw, text } = repairOctets(octets);
  return { raw, plain: readPlainMail(raw, text) };
}

const messages = globSync("fixtures/eml/*/*.eml").map((path) => ({ path, octets: readFileSync(path) }));

test("most real reports take the fast route", () => {
  const plain = messages.filter(({ octets }) => plainOf(octets).plain);
  expect(messages.length).toBeGreaterThan(0);
  expect(plain.length).toBeGreaterThan(messages.length / 2);
});

test("every fixture is read exactly as mailparser reads it, or left to it", async () => {
  for (const { path, octets } of messages)
    for (const eol of ["\n", "\r\n"]) {
      const variant = Buffer.from(octets.toString("latin1").replaceAll(/\r?\n/g, eol), "latin1");
      const { raw, plain } = plainOf(variant);
      if (plain) expect(comparable(plain), path).toEqual(comparable(await readAnyMail(raw)));
    }
});

/** What tends to make two MIME readers disagree. */
const SPLICES = [
  "\n",
  "\r\n",
  "\r",
  "--",
  "\n\n",
  " ",
  "\t",
  ";",
  "=",
  '"',
  "\0",
  "\xff",
  "(c)",
  "=41",
  "=\n",
  "=?utf-8?q?a?=",
  "; charset=utf-16",
  "; charset=iso-8859-1",
  "; format=flowed",
  "\nContent-Type: text/html\n",
  "\nContent-Type: multipart/mixed; boundary=x\n",
  "\n--x\n",
  "\n--x--\n",
  "\nContent-Transfer-Encoding: base64\n",
  "\nContent-Transfer-Encoding: quoted-printable\n",
  "\nContent-Disposition: inline\n",
  "\nContent-Disposition: attachment; filename=a.png\n",
];

test("damaged mail is read exactly as mailparser reads it, or left to it", async () => {
  let seed = 20_261_123;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return seed % below;
  };
  let compared = 0;
  for (let round = 0; round < 1500; round++) {
    let text = messages[random(messages.length)]?.octets.toString("latin1") ?? "";
    for (let change = 0; change <= random(3); change++) {
      const lines = text.split("\n");
      const line = random(lines.length);
      const at = random(text.length);
      const splice = SPLICES[random(SPLICES.length)] ?? "";
      if (round % 5 === 0) text = text.slice(0, at);
      else if (round % 5 === 1) text = text.slice(0, at) + splice + text.slice(at);
      else if (round % 5 === 2) text = lines.toSpliced(line, 1 + random(3)).join("\n");
      else if (round % 5 === 3) text = lines.toSpliced(line, 0, lines[random(lines.length)] ?? "").join("\n");
      else text = lines.toSpliced(line, 0, splice.trimEnd()).join("\n");
    }
    const { raw, plain } = plainOf(Buffer.from(text, "latin1"));
    if (!plain) continue;
    compared++;
    expect(comparable(plain), text).toEqual(comparable(await readAnyMail(raw)));
  }
  expect(compared).toBeGreaterThan(300);
});

test.each([
  ["comment in a MIME header", "Content-Type: text/plain (hello)\n\nx\n"],
  ["RFC 2231", "Content-Type: text/plain; charset*=utf-8''utf-8\n\nx\n"],
  ["two content types", "Content-Type: text/plain\nContent-Type: text/html\n\nx\n"],
  ["format=flowed", "Content-Type: text/plain; format=flowed\n\nx \ny\n"],
  ["a boundary on a leaf", "Content-Type: text/html; boundary=b\n\n--b\n\nx\n--b--\n"],
  ["no closing delimiter", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n"],
  [
    "boundary within boundary",
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nx\n--bb--\n--b--\n",
  ],
  [
    "text beside HTML",
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\nContent-Type: text/html\n\ny\n--b--\n",
  ],
  ["charset that is no superset of ASCII", "Content-Type: text/plain; charset=utf-16\n\nabcd\n"],
  ["broken base64", "Content-Transfer-Encoding: base64\n\nabc\n"],
])("left to mailparser: %s", (_name, message) => {
  expect(plainOf(Buffer.from(message)).plain).toBeNull();
});
