import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMessages, type FileMessage, type ReadMessagesOptions } from "../../src/sources/files.ts";
import { isSeparatorLine, readMbox } from "../../src/sources/mbox.ts";

const FROM = "From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bounced-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<string> {
  const full = join(folder, path);
  await mkdir(join(full, ".."), { recursive: true });
  await writeFile(full, text, "latin1");
  return full;
}

async function read(paths: readonly string[], options?: ReadMessagesOptions): Promise<readonly FileMessage[]> {
  const found: FileMessage[] = [];
  for await (const message of readMessages(paths, options)) found.push(message);
  return found;
}

const shown = (messages: readonly FileMessage[], below: string): readonly string[] =>
  messages.map(({ path, bytes }) => `${path.slice(below.length + 1)}=${bytes.toString("latin1")}`);

test("a folder gives its mail-like files in the order of their names, at any depth", async () => {
  for (const [path, text] of [
    ["tree/b.eml", "B"],
    ["tree/a/2.txt", "A2"],
    ["tree/a/10.msg", "A10"],
    ["tree/c.EML", "C"],
    ["tree/truth.jsonl", "no"],
    ["tree/README.md", "no"],
    ["tree/readme.txt", "no"],
    ["tree/.hidden.eml", "no"],
    ["tree/LICENSE", "no"],
  ] as const)
    await write(path, text);
  const tree = join(folder, "tree");
  expect(shown(await read([tree]), tree)).toEqual(["a/10.msg=A10", "a/2.txt=A2", "b.eml=B", "c.EML=C"]);
});

test("a file that is named is read whatever its name, and order follows the arguments", async () => {
  const one = await write("named/zzz", "Subject: Z\n\n");
  const other = await write("named/aaa.jsonl", "\nReceived: from x by y; z\n");
  expect((await read([one, other])).map(({ path }) => path)).toEqual([one, other]);
});

test.each([
  ["package.json", '{\n  "name": "x"\n}\n'],
  ["line.json", '{"text": "550 no"}\n'],
  ["true", "\u007fELF\u0002\u0001"],
  ["script", "#!/bin/sh\necho Subject: x\n"],
])("a file that is named and is no mail is a problem: %s", async (name, text) => {
  const file = await write(`slips/${name}`, text);
  const problems: string[] = [];
  const onProblem = (path: string, error: unknown) => void problems.push(`${path}: ${(error as Error).message}`);
  expect(await read([file], { onProblem })).toEqual([]);
  expect(problems).toEqual([`${file}: not a message: it does not begin with a header field`]);
});

test("a Maildir gives new and cur, its subfolders, and never tmp", async () => {
  for (const [path, text] of [
    ["md/cur/100.M1.host:2,S", "read"],
    ["md/new/101.M2.host", "fresh"],
    ["md/tmp/102.M3.host", "half"],
    ["md/.Sub/cur/.keep", ""],
    ["md/.Sub/new/103.M4.host", "sub"],
  ] as const)
    await write(path, text);
  const md = join(folder, "md");
  const expected = [".Sub/new/103.M4.host=sub", "cur/100.M1.host:2,S=read", "new/101.M2.host=fresh"];
  expect(shown(await read([md]), md)).toEqual(expected);
  expect(shown(await read([join(md, "new")]), md)).toEqual(["new/101.M2.host=fresh"]);
});

test("an mbox file gives its messages, numbered where there are several", async () => {
  const two = await write(
    "box/two.mbox",
    `${FROM}Subject: 1\n\n>From the start\n>>From\n\n${FROM.replaceAll("\n", "\r\n")}Subject: 2\r\n\r\nFrom here to there\r\n`,
  );
  const one = await write("box/one.mbox", `${FROM}Subject: 1\n\nbody\n`);
  expect(shown(await read([two]), join(folder, "box"))).toEqual([
    "two.mbox#1=Subject: 1\n\nFrom the start\n>>From\n",
    "two.mbox#2=Subject: 2\r\n\r\nFrom here to there\r\n",
  ]);
  expect((await read([one])).map(({ path }) => path)).toEqual([one]);
});

test("an mbox file without extension is known by its first line; an .eml is one message even then", async () => {
  const text = `${FROM}A: 1\n\nx\n\n${FROM}A: 2\n\ny\n`;
  expect(await read([await write("box/inbox", text)])).toHaveLength(2);
  expect(await read([await write("box/quoting.eml", text)])).toHaveLength(1);
});

test.each([1, 2, 3, 7, 64, 1_500])("mbox messages do not depend on chunks of %i octets", async (size) => {
  const long = `${"x".repeat(3_000)}\n\nFrom nobody\n`;
  const bodies = ["A: 1\n\nfirst\n", `A: 2\n\n${long}`, "A: 3\n\n\n\n", "A: 4\n\nlast"];
  const whole = Buffer.from(bodies.map((body) => `${FROM}${body}\n`).join(""), "latin1");
  const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
    whole.subarray(i * size, (i + 1) * size),
  );
  const found = [];
  for await (const message of readMbox(chunks, { maxBytes: 10_000 })) found.push(message);
  expect(found.map(({ bytes }) => bytes.toString("latin1").trimEnd())).toEqual(bodies.map((body) => body.trimEnd()));
  for (const [index, { start, end }] of found.entries()) {
    expect(whole.toString("latin1", start, start + FROM.length)).toBe(FROM);
    expect(end).toBe(found[index + 1]?.start ?? whole.length);
  }
  // Any message's end is a place to go on from.
  const rest = [];
  const offset = found[1]!.end;
  for await (const message of readMbox([whole.subarray(offset)], { maxBytes: 10_000, offset })) rest.push(message);
  expect(rest).toEqual(found.slice(2));
});

test("the length of a message is bounded, and the cut is told", async () => {
  const big = await write("big.eml", "x".repeat(5_000));
  const box = await write("big.mbox", `${FROM}${"y".repeat(5_000)}\n\n${FROM}small\n`);
  const found = await read([big, box], { maxBytes: 1_000 });
  expect(found.map(({ bytes, isCut }) => [bytes.length, isCut])).toEqual([
    [1_000, true],
    [1_000, true],
    [6, false],
  ]);
});

test("stdin is one message or an mbox", async () => {
  async function* stdin(text: string): AsyncGenerator<Buffer> {
    for (const octet of Buffer.from(text)) yield Buffer.from([octet]);
  }
  expect((await read(["-"], { stdin: stdin("A: 1\n\nx") })).map(({ path }) => path)).toEqual(["-"]);
  const two = await read(["-"], { stdin: stdin(`${FROM}A: 1\n\nx\n\n${FROM}A: 2\n\n`) });
  expect(two.map(({ path }) => path)).toEqual(["-#1", "-#2"]);
});

test("a missing file is thrown, or told while the rest goes on; a loop of links ends", async () => {
  const missing = join(folder, "missing.eml");
  await expect(read([missing])).rejects.toThrow("ENOENT");
  const loop = join(folder, "loop");
  const kept = await write("loop/a.eml", "A");
  await symlink(loop, join(loop, "again"));
  const problems: string[] = [];
  const found = await read([missing, loop], { onProblem: (path) => problems.push(path) });
  expect(found.map(({ path }) => path)).toEqual([kept]);
  expect(problems).toEqual([missing]);
});

test.each([
  ["From - Mon Nov 23 10:00:00 2026", true],
  ["From a@b.example Mon Nov  2 10:00:00 2026", true],
  ["From a@b.example  Mon Nov 23 10:00:00 UTC 2026", true],
  ["From a@b.example Mon Nov 23 10:00 2026\r\n", true],
  ["From a@b.example Mon, 23 Nov 2026 10:00:00 +0000", true],
  ["From here to eternity", false],
  ["From Monday on we are closed", false],
])("separator %j: %s", (line, expected) => expect(isSeparatorLine(line)).toBe(expected));
