/**
 * Named points at which a process of the service dies, fails, hangs or waits. Loaded with `--import` (keeper.ts does),
 * it rewrites a handful of our functions as they are loaded: the service itself knows nothing of it. What it cannot
 * find any more stops the start.
 *
 * FAULT=<point>[@text]:<nth>:<action>[:<ms>] with nth a number or `*`, action SIGKILL, throw, hang, delay, block, loop;
 * `@text`: only where the message contains it.
 */
import { registerHooks } from "node:module";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inflateSync } from "node:zlib";
import { Job } from "bullmq";

export const LISTENER_POINTS = ["before_enqueue", "after_enqueue", "before_250", "after_250"] as const;
export const WORKER_POINTS = [
  "job_start",
  "before_parse",
  "after_parse",
  "before_emit",
  "after_emit",
  "before_complete",
  "after_complete",
] as const;
export const RECORD_POINTS = ["before_commit", "after_commit"] as const;
export const WEBHOOK_POINTS = ["before_webhook", "after_webhook"] as const;

interface Fault {
  readonly point: string;
  readonly text: string;
  readonly nth: string;
  readonly action: string;
  readonly ms: number;
  passed: number;
}

const faults = (process.env["FAULT"] ?? "")
  .split(",")
  .filter(Boolean)
  .map((words): Fault => {
    const [where = "", nth = "*", action = "", ms = "0"] = words.split(":");
    const [point = "", text = ""] = where.split("@");
    return { point, text, nth, action, ms: Number(ms), passed: 0 };
  });

/** What happens at a point now, if anything: everything that cannot be waited for has happened already. */
function pass(point: string, text = ""): Promise<unknown> | undefined {
  for (const fault of faults) {
    if (fault.point !== point || !text.includes(fault.text)) continue;
    fault.passed++;
    if (fault.nth !== "*" && fault.passed !== Number(fault.nth)) continue;
    switch (fault.action) {
      case "SIGKILL":
        process.kill(process.pid, "SIGKILL");
        // The signal comes in its own time; nothing more may happen here.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        break;
      case "throw":
        throw new Error(`fault at ${point}`);
      case "hang":
        return new Promise(() => undefined);
      case "delay":
        return sleep(fault.ms);
      case "block":
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, fault.ms);
        break;
      case "loop":
        for (;;);
      default:
        throw new Error(`FAULT: no such action: ${fault.action}`);
    }
  }
  return undefined;
}

type Anything = (...given: readonly never[]) => unknown;
type Wrapper = (plain: Anything) => Anything;

const around =
  (
    plain: Anything,
    before: string,
    after: string,
    textOf: (given: readonly unknown[]) => string = () => "",
  ): Anything =>
  async (...given) => {
    const text = textOf(given);
    if (before) await pass(before, text);
    const result: unknown = await plain(...given);
    if (after) await pass(after, text);
    return result;
  };

/** The function made, or one of its methods, in place of what makes it. */
const made = (plain: Anything, change: (made: never) => unknown): Anything => {
  return (...given) => {
    const result = plain(...given);
    return result instanceof Promise ? result.then((value) => change(value as never)) : change(result as never);
  };
};

const headOf = ([given]: readonly unknown[]): string => {
  const { octets, messages = [] } = given as {
    readonly octets?: Uint8Array;
    readonly messages?: readonly { readonly raw: string }[];
  };
  const heads = octets ? [octets] : messages.map(({ raw }) => inflateSync(Buffer.from(raw, "base64")));
  return heads.map((head) => Buffer.from(head).toString("latin1")).join("\n");
};

/** File and exported function -> what stands in its place. */
const WRAPPERS: ReadonlyMap<string, readonly [name: string, Wrapper]> = new Map([
  [
    "/src/intake/accept.ts",
    [
      "openIntake",
      (plain: Anything) =>
        made(plain, (intake: { readonly accept: Anything }) => ({
          ...intake,
          accept: around(intake.accept, "before_enqueue", "after_enqueue"),
        })),
    ],
  ],
  ["/src/core/read-message.ts", ["readWithKeys", (plain) => around(plain, "before_parse", "after_parse", headOf)]],
  [
    "/workers/classify-handler.ts",
    [
      "classifyHandler",
      (plain) => made(plain, (handler: Anything) => around(handler, "job_start", "before_complete", headOf)),
    ],
  ],
  [
    "/src/queues/emit.ts",
    ["createEmitter", (plain) => made(plain, (emit: Anything) => around(emit, "before_emit", "after_emit"))],
  ],
  [
    "/src/store/store.ts",
    [
      "openStore",
      (plain) =>
        made(plain, (store: { readonly record: Anything }) => ({
          ...store,
          record: around(store.record, "before_commit", "after_commit"),
        })),
    ],
  ],
  ["/src/outputs/post.ts", ["post", (plain) => around(plain, "before_webhook", "after_webhook")]],
]);

if (faults.length > 0) {
  Object.assign(globalThis, { wrapAtFaultPoints: (file: string, plain: Anything) => WRAPPERS.get(file)?.[1](plain) });
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const file = [...WRAPPERS.keys()].find((file) => url.endsWith(file));
      const name = file && WRAPPERS.get(file)?.[0];
      if (!name) return loaded;
      const source =
        typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
      const declaration = new RegExp(`^export (async )?function ${name}\\b`, "m");
      if (!declaration.test(source)) throw new Error(`${file}: no function ${name} for a fault point`);
      return {
        ...loaded,
        source: `${source.replace(declaration, `$1function ${name}AsItIs`)}
export const ${name} = globalThis.wrapAtFaultPoints(${JSON.stringify(file)}, ${name}AsItIs);\n`,
      };
    },
  });

  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { moveToCompleted } = Job.prototype;
  Job.prototype.moveToCompleted = async function complete(...given) {
    const result: unknown = await Reflect.apply(moveToCompleted, this, given);
    if (this.queueName === "intake") await pass("after_complete");
    return result as never;
  };
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { write } = Socket.prototype;
  Socket.prototype.write = function writeTo(this: Socket, ...given: readonly unknown[]) {
    const is250 = String(given[0]).startsWith("250 2.6.0 Queued");
    if (is250) void pass("before_250");
    const result = Reflect.apply(write, this, given) as boolean;
    if (is250) void pass("after_250");
    return result;
  };
}
