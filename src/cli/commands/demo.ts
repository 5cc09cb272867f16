/** `bounced demo`: a service to look at, with made-up mail, that leaves nothing behind. */
import { Command, InvalidArgumentError } from "commander";
import { DEMO_DOMAIN } from "../../demo/arrivals.ts";
import { runDemo, type ReadyDemo } from "../../demo/demo.ts";
import { UsageError } from "../exit-status.ts";
import { untilSignal } from "../interrupt.ts";
import { count, paint, print } from "../terminal.ts";

interface DemoCommandOptions {
  readonly port?: number;
  /** Every command has it. */
  readonly dataDir?: string;
}

export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "Run a service with made-up bounces of the last five weeks, in a temporary folder and with a redis-server of " +
        "its own, and print a link that signs in. Ctrl-C ends it and removes everything. It only listens on 127.0.0.1.",
    )
    .option("--port <port>", "Port of the pages; default: 8025, or another if that is taken", parsePort)
    .addHelpText(
      "after",
      `
REDIS_URL, DATABASE_URL, BOUNCED_* and bounced.yaml are ignored: the demo
never touches a service of yours. It needs redis-server or valkey-server on
the PATH, and installs nothing.`,
    )
    .action(async ({ port, dataDir }: DemoCommandOptions) => {
      if (dataDir !== undefined)
        throw new UsageError("demo takes no --data-dir: it uses a temporary folder of its own");
      // A terminal that is closed: what was started must end too.
      const onHangup = (): void => void process.kill(process.pid, "SIGTERM");
      process.on("SIGHUP", onHangup);
      let folder: string | null = null;
      try {
        await untilSignal(
          (signal) =>
            runDemo({
              port: port ?? null,
              signal,
              onFolder(made) {
                folder = made;
                print("Reading five weeks of made-up bounces ...");
              },
              onReady: (demo) => print(textOf(demo)),
            }),
          { isEnd: true },
        );
      } finally {
        process.removeListener("SIGHUP", onHangup);
      }
      print(`Stopped. ${folder} is removed.`);
    });
}

const textOf = ({ recorded, url, smtpPort }: ReadyDemo): string =>
  [
    `${count(recorded.messages, "message")} read, ${count(recorded.suppressed, "address", "addresses")} suppressed.`,
    "",
    paint.bold("Open this link; it signs in once:"),
    `  ${url}`,
    "",
    `SMTP on 127.0.0.1:${smtpPort} accepts mail for ${DEMO_DOMAIN}.`,
    "",
    "Ctrl-C ends the demo and removes everything.",
  ].join("\n");

function parsePort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError("expected 1 to 65535");
  return port;
}
