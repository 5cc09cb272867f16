/** Ctrl-C during long work, typed on a real terminal: what was read so far, status 130, and the cursor is shown again. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const LAUNCHER = join(import.meta.dirname, "../../src/cli/bin.mjs");
const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
/** Much more than can be read between the first sign of work and Ctrl-C. */
const MESSAGES = 20_000;
const EVENTS = 3_000;

let folder: string;
let redis: TestRedis;
let env: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-interrupt-"));
  redis = await startTestRedis();
  env = { BOUNCED_DATA_DIR: folder, REDIS_URL: redis.url, BOUNCED_PREFIX: folder.slice(-6) };
  const mail = (number: number): string =>
    `From MAILER-DAEMON Mon Nov 23 10:00:00 2026\nFrom: MAILER-DAEMON@mx.example.org\nSubject: ${number}\n\n${number}\n\n`;
  const numbers = Array.from({ length: MESSAGES }, (_, index) => index);
  writeFileSync(join(folder, "in.mbox"), numbers.map(mail).join(""));
  writeFileSync(
    join(folder, "mail.log"),
    numbers
      .map(
        (number) =>
          `2026-03-01T10:00:00.000000+00:00 mx postfix/smtp[1]: Q${number}: to=<a${number}@example.org>, relay=mx.example.org[192.0.2.1]:25, ` +
          "delay=1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 User unknown)\n",
      )
      .join(""),
  );
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: folder }));
  for (let from = 0; from < EVENTS; from += 500)
    await store.record(
      numbers
        .slice(from, from + 500)
        .map((number) =>
          jobOf([makeEvent({ address: `user${number}@example.org`, at: Date.UTC(2026, 2, 1) + number })]),
        ),
    );
  await store.close();
});
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Typed {
  readonly code: number | null;
  readonly text: string;
}

/** Runs the line on a terminal, types Ctrl-C at the first sign of work. `redirect` is shell, behind the line. */
function interrupted(
  line: string,
  sign: RegExp,
  redirect = "",
  program = `'${process.execPath}' '${MAIN}'`,
): Promise<Typed> {
  const command = `stty -onlcr; exec ${program} ${line} ${redirect}`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, TERM: "xterm", SHELL: "/bin/sh", ...env },
  });
  let text = "";
  let isTyped = false;
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    if (isTyped || !sign.test(text)) return;
    isTyped = true;
    child.stdin.write("\u0003");
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
}

/** Installed on this machine, not by the lockfile: it may be too old for the program, which then starts another. */
const INSTALLED_NODE = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((directory) => !directory.includes("node_modules"))
  .map((directory) => join(directory, "node"))
  .find((path) => existsSync(path));

const BAR = /\[[=-]+\]/;

test.each([
  ["classify --json in.mbox", BAR, "> out.jsonl", MESSAGES],
  ["classify in.mbox", /diagnostic/, "", MESSAGES],
  ["import in.mbox", BAR, "", MESSAGES],
  ["replay --queue in.mbox", BAR, "", MESSAGES],
  ["follow mail.log --format postfix --once", BAR, "", MESSAGES],
  ["log --json", /user/, "", EVENTS],
  ["log --csv", /user/, "", EVENTS],
  ["reclassify", BAR, "", EVENTS],
] as const)("bounced %s", async (line, sign, redirect, all) => {
  const { code, text } = await interrupted(line, sign, redirect);
  expect(code, text.slice(-2000)).toBe(130);
  const [, done] = /bounced: interrupted after (\d+)/.exec(text) ?? [];
  expect(Number(done), text.slice(-2000)).toBeLessThan(all);
  if (redirect) expect(readFileSync(join(folder, "out.jsonl"), "utf8").split("\n").length - 1).toBe(Number(done));
  // The last word about the cursor shows it.
  // oxlint-disable-next-line no-control-regex -- escape codes are what is looked for
  expect(text.match(/\u001b\[\?25[lh]/g)?.at(-1) ?? "\u001b[?25h").toBe("\u001b[?25h");
});

test("through the launcher, with whatever Node this machine has: one Ctrl-C is one", async () => {
  const { code, text } = await interrupted(
    "classify --json in.mbox",
    BAR,
    "> out.jsonl",
    `'${INSTALLED_NODE}' '${LAUNCHER}'`,
  );
  expect(code, text.slice(-2000)).toBe(130);
  expect(text).toMatch(/bounced: interrupted after \d+ messages?/);
});
