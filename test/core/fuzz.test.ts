import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventSchema } from "../../src/event/event.ts";
import { FIXTURES, octetsOf, readOctets } from "../support/fixtures.ts";

/** More runs for a longer hunt: FUZZ_RUNS=100000. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
const CHARSETS = ["utf-8", "utf-7", "iso-2022-jp", "shift_jis", "gbk", "euc-kr", "koi8-r", "windows-1257", "x-no-such"];
const ENCODINGS = ["base64", "quoted-printable", "7bit", "binary", "x-uuencode"];
const INSERTS = [
  "\0",
  "\r",
  "\n\n",
  "\r\n",
  "\u00ff",
  "=?utf-8?B?",
  "--",
  " ",
  "<",
  ">",
  "\\x{D800}",
  "+FF",
  "8bit: \u00e4\n",
];

const sources = FIXTURES.map((fixture) => octetsOf(fixture).toString("latin1"));
const messages = fc.constantFrom(...sources);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, where: number): number => Math.floor(where * text.length);
const boundaryOf = (text: string): string | null => /boundary="?([^"\s;]{1,100})/i.exec(text)?.[1] ?? null;

type Mutation = (text: string) => string;
const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  share.map((where) => (text: string) => text.slice(0, at(text, where))),
  share.map((where) => (text: string) => text.slice(at(text, where))),
  fc.tuple(share, share).map(([one, other]) => (text: string) => {
    const [from, to] = [at(text, Math.min(one, other)), at(text, Math.max(one, other))];
    return text.slice(0, from) + text.slice(to);
  }),
  fc.tuple(messages, share, share).map(([other, where, there]) => (text: string) => {
    return text.slice(0, at(text, where)) + other.slice(at(other, there));
  }),
  fc.tuple(share, fc.constantFrom(...INSERTS), fc.integer({ min: 1, max: 50 })).map(([where, insert, times]) => {
    return (text: string) => text.slice(0, at(text, where)) + insert.repeat(times) + text.slice(at(text, where));
  }),
  // Parts change places.
  fc.tuple(fc.nat(5), fc.nat(5)).map(([one, other]) => (text: string) => {
    const boundary = boundaryOf(text);
    if (boundary === null) return text;
    const parts = text.split(`--${boundary}`);
    const [a, b] = [parts[one % parts.length] ?? "", parts[other % parts.length] ?? ""];
    parts[one % parts.length] = b;
    parts[other % parts.length] = a;
    return parts.join(`--${boundary}`);
  }),
  // Header lines are repeated.
  fc.tuple(share, fc.integer({ min: 1, max: 30 })).map(([where, times]) => (text: string) => {
    const lines = text.split("\n");
    const line = lines[at(text, where) % lines.length] ?? "";
    lines.splice(at(text, where) % lines.length, 0, ...Array.from({ length: times }, () => line));
    return lines.join("\n");
  }),
  fc.constantFrom(...CHARSETS).map((charset) => (text: string) => {
    return text.replaceAll(/charset="?[\w-]+"?/gi, `charset=${charset}`);
  }),
  fc.constantFrom(...ENCODINGS).map((encoding) => (text: string) => {
    return text.replaceAll(/^(Content-Transfer-Encoding:).*$/gim, `$1 ${encoding}`);
  }),
  fc.constantFrom("\r", "\r\n", "\n").map((eol) => (text: string) => text.replaceAll(/\r?\n/g, eol)),
  // A message inside a message inside a message.
  fc.integer({ min: 1, max: 6 }).map((depth) => (text: string) => {
    let wrapped = text;
    for (let level = 0; level < depth; level++)
      wrapped = `From: a@example.com\nContent-Type: multipart/mixed; boundary=w${level}\n\n--w${level}\nContent-Type: message/rfc822\n\n${wrapped}\n--w${level}--\n`;
    return wrapped;
  }),
);

const damaged = fc
  .tuple(messages, fc.array(mutations, { minLength: 1, maxLength: 4 }))
  .map(([text, steps]) => steps.reduce((mutated, step) => step(mutated), text));

test("whatever happened to a message, reading it gives valid events, twice the same", async () => {
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      const octets = Buffer.from(text, "latin1");
      const events = await readOctets(octets);
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) eventSchema.parse(event);
      expect(await readOctets(octets)).toEqual(events);
    }),
    { numRuns: RUNS },
  );
}, 600_000);

test("noise gives valid events", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (octets) => {
      for (const event of await readOctets(octets)) eventSchema.parse(event);
    }),
    { numRuns: Math.ceil(RUNS / 3) },
  );
}, 600_000);
