/** `bounced demo` on a real terminal: a filled log, and nothing left of it, however it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
/** Of a real service of the user's: none of it works. */
const OF_THE_USER = {
  REDIS_URL: "redis://127.0.0.1:1",
  REDIS_URL_FILE: "/nowhere/redis",
  DATABASE_URL: "postgres://127.0.0.1:1/none",
  BOUNCED_CONFIG: "/nowhere/bounced.yaml",
  BOUNCED_DATA_DIR: "/nowhere/data",
  BOUNCED_HTTP_PORT: "1",
  BOUNCED_SMTP_PORT: "1",
};

let folder: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "b-demo-"));
  for (const name of ["cwd", "home", "tmp"]) mkdirSync(join(folder, name));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

interface Demo {
  readonly script: ChildProcess;
  /** Of the demo, and of its Redis. */
  readonly pids: readonly [number, number];
  text(): string;
  readonly ended: Promise<number | null>;
}

const onTerminal = (): { child: ChildProcess; text: () => string } => {
  const child = spawn("script", ["-qefc", `exec '${process.execPath}' '${MAIN}' demo`, "/dev/null"], {
    cwd: join(folder, "cwd"),
    env: {
      PATH: process.env["PATH"],
      HOME: join(folder, "home"),
      TMPDIR: join(folder, "tmp"),
      TERM: "xterm",
      SHELL: "/bin/sh",
      NO_COLOR: "1",
      ...OF_THE_USER,
    },
  });
  running.push(child);
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => void (text += chunk.toString("utf8")));
  return { child, text: () => text };
};

const demoFolder = (): string => join(folder, "tmp", readdirSync(join(folder, "tmp"))[0] ?? "none");
const numberIn = (file: string): number => Number.parseInt(readFileSync(file, "utf8"), 10);

async function startDemo(): Promise<Demo> {
  const { child, text } = onTerminal();
  const ended = once(child, "close").then(([code]) => code as number | null);
  await vi.waitFor(() => expect(text()).toContain("Ctrl-C ends"), { timeout: 150_000, interval: 50 });
  const redis = join(demoFolder(), "redis");
  const pids = [numberIn(join(redis, "owner.pid")), numberIn(join(redis, "server.pid"))] as const;
  expect(pids.map(isRunning)).toEqual([true, true]);
  return { script: child, pids, text, ended };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** In the temporary folder, at home, where it was started. */
const leftovers = (): readonly string[] =>
  ["tmp", "home", "cwd"].flatMap((name) => readdirSync(join(folder, name), { recursive: true }).map(String));

async function expectNothingLeft({ pids }: Demo): Promise<void> {
  await vi.waitFor(() => expect(pids.map(isRunning)).toEqual([false, false]), { timeout: 30_000, interval: 50 });
  expect(leftovers()).toEqual([]);
}

test("the link signs in to filled pages; Ctrl-C ends Redis and process, and removes the folder", async () => {
  const demo = await startDemo();
  const [, link = ""] = /(http:\/\/127\.0\.0\.1:\d+\/sign-in\/\S+)/.exec(demo.text()) ?? [];
  const signedIn = await fetch(link, { redirect: "manual" });
  expect(signedIn.status).toBe(303);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const read = async (path: string): Promise<string> => {
    const answer = await fetch(new URL(path, link), { headers: { cookie } });
    expect(answer.status, path).toBe(200);
    return answer.text();
  };
  const overview = await read("/");
  for (const words of ["Overview", "google", "microsoft", "yahoo"])
    expect(overview.toLowerCase()).toContain(words.toLowerCase());
  expect(overview).toContain("mailbox_unknown");
  const [, messages = "", suppressed = ""] = /(\d+) messages read, (\d+) addresses suppressed/.exec(demo.text()) ?? [];
  const { count } = JSON.parse(await read("/v1/stats/count?authenticity=proven,likely,unproven")) as { count: number };
  expect([count, count > 300]).toEqual([Number(messages), true]);
  expect(Number(suppressed)).toBeGreaterThan(100);
  expect(await read("/suppressions")).toContain("bigmail.test");
  expect(await read("/incidents")).toContain("Google refuses mail with 5.7.26");
  // All that is written is in the one folder.
  expect(readdirSync(join(folder, "tmp"))).toHaveLength(1);
  expect([...readdirSync(join(folder, "home")), ...readdirSync(join(folder, "cwd"))]).toEqual([]);

  demo.script.stdin?.write("\u0003");
  expect(await demo.ended, demo.text()).toBe(0);
  expect(demo.text()).toContain("is removed");
  await expectNothingLeft(demo);
});

test("SIGTERM, beside a service that has the usual port", async () => {
  const other = createServer().listen(8025, "127.0.0.1");
  // Where somebody else has it, that is as good.
  await new Promise((done) => other.once("listening", done).once("error", done));
  try {
    const demo = await startDemo();
    expect(demo.text()).toMatch(/http:\/\/127\.0\.0\.1:(?!8025)\d+\/sign-in/);
    process.kill(demo.pids[0], "SIGTERM");
    expect(await demo.ended, demo.text()).toBe(0);
    await expectNothingLeft(demo);
  } finally {
    other.close();
  }
});

test("a terminal that is closed", async () => {
  const demo = await startDemo();
  demo.script.kill("SIGKILL");
  await expectNothingLeft(demo);
});

test("Ctrl-C while it reads", async () => {
  const { child, text } = onTerminal();
  const ended = once(child, "close");
  await vi.waitFor(() => expect(text()).toContain("Reading five weeks"), { timeout: 60_000, interval: 5 });
  child.stdin?.write("\u0003");
  expect((await ended)[0], text()).toBe(0);
  expect(text()).not.toContain("sign-in");
  expect(leftovers()).toEqual([]);
});

async function refused(words: readonly string[], path: string | undefined): Promise<readonly [unknown, string]> {
  const child = spawn(process.execPath, [MAIN, "demo", ...words], {
    env: { PATH: path, TMPDIR: join(folder, "tmp"), ...OF_THE_USER },
  });
  running.push(child);
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => void (text += chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [unknown];
  return [code, text];
}

test("a port that is taken is named as it was typed", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const [code, text] = await refused(["--port", String(port)], process.env["PATH"]);
  other.close();
  expect([code, text]).toEqual([1, expect.stringContaining(`--port ${port}: cannot listen`)]);
  expect(text).not.toContain("BOUNCED_");
  expect(leftovers()).toEqual([]);
});

test("without redis-server, and with --data-dir: says what to do, writes nothing", async () => {
  const [code, text] = await refused([], "/nowhere");
  expect([code, text]).toEqual([1, expect.stringContaining("apt-get install redis-server")]);
  expect(text).not.toContain("REDIS_URL");
  expect(await refused(["--data-dir", folder], process.env["PATH"])).toEqual([
    2,
    expect.stringContaining("a temporary folder of its own"),
  ]);
  expect(leftovers()).toEqual([]);
});
