/** `bounced return-path create | inspect`: makes and decodes the addresses that returned mail comes back to. */
import { createInterface } from "node:readline";
import { Command, InvalidArgumentError, Option } from "commander";
import { loadServiceConfig } from "../../client/find-service.ts";
import { createReturnPath } from "../../return-path/create.ts";
import { readReturnPath } from "../../return-path/read.ts";
import type { ReturnPathCheck, ReturnPathReading } from "../../return-path/reading.ts";
import { returnPathSettingsOf } from "../../return-path/settings.ts";
import { EXIT, UsageError } from "../exit-status.ts";
import { JSON_HELP, paint, print, printJson } from "../terminal.ts";

interface CreateOptions {
  readonly domain?: string;
  readonly tag?: string;
  readonly scheme: "signed" | "verp" | "token";
  readonly at?: Date;
  readonly json?: boolean;
}

const SAID: Readonly<Record<ReturnPathCheck, string>> = {
  valid: paint.green("valid: ours, and fresh"),
  expired: paint.yellow("expired: ours, but too old"),
  bad: paint.red("bad: the signature does not belong to this address"),
  "unknown-key": paint.red("unknown key: signed, but with none of BOUNCED_SECRET"),
  unchecked: "unchecked: nothing in it can be verified",
};

export function returnPathCommand(): Command {
  const command = new Command("return-path").description("Create and decode return paths (docs/proof.md).");
  command
    .command("create")
    .description("Print the return path for mail to a recipient; for several: recipient, tab, return path.")
    .argument("[recipients...]", "Recipients of the mail; - reads them from standard input, one per line")
    .option("--domain <domain>", "Bounce domain; default: the first of BOUNCED_DOMAINS")
    .option("--tag <tag>", "Your own id of the mail or the campaign")
    .addOption(
      new Option(
        "--scheme <scheme>",
        "Kind of address: verp names the recipient, signed also proves it; token: for a header, no address",
      )
        .choices(["signed", "verp", "token"])
        .default("signed"),
    )
    .option("--at <date>", "Create it as of this day (ISO 8601)", parseDay)
    .option("--json", JSON_HELP)
    .action(async (recipients: string[], options: CreateOptions) => {
      const config = loadServiceConfig("key");
      const settings = returnPathSettingsOf(config);
      const domain = options.domain ?? config.BOUNCED_DOMAINS[0] ?? "";
      const make = (recipient: string | undefined): string => {
        try {
          const request = { domain, recipient, tag: options.tag, scheme: options.scheme };
          return createReturnPath(request, settings, options.at ?? new Date());
        } catch (cause) {
          throw cause instanceof RangeError ? new UsageError(cause.message, { cause }) : cause;
        }
      };
      const isAlone = recipients.length <= 1 && recipients[0] !== "-";
      for await (const recipient of isAlone
        ? [recipients[0]]
        : recipients[0] === "-"
          ? linesOf(process.stdin)
          : recipients) {
        const returnPath = make(recipient);
        if (options.json) printJson([{ recipient: recipient ?? null, returnPath }]);
        else print(isAlone ? returnPath : `${recipient}\t${returnPath}`);
      }
    });
  command
    .command("inspect")
    .description("Show what return paths and tokens contain. Exits with 1 if one is expired, bad or of an unknown key.")
    .argument("<addresses...>")
    .option("--json", JSON_HELP)
    .option("--at <date>", "Check it as of this day (ISO 8601)", parseDay)
    .action((addresses: string[], options: { json?: boolean; at?: Date }) => {
      const settings = returnPathSettingsOf(loadServiceConfig("key"));
      for (const address of addresses) {
        const reading = readReturnPath(address, settings, options.at ?? new Date());
        if (!reading) throw new UsageError(`not an address: ${address}`);
        if (options.json) printJson([plainOf(reading)]);
        else print(tableOf(reading));
        if (reading.check !== "valid" && reading.check !== "unchecked") process.exitCode = EXIT.failed;
      }
    });
  return command;
}

const plainOf = ({ bindsRecipient, ...plain }: ReturnPathReading) => ({
  ...plain,
  isRecipientBound: bindsRecipient !== null,
});

function tableOf({ address, scheme, check, recipient, tag, issuedAt, bindsRecipient }: ReturnPathReading): string {
  const bound = bindsRecipient ? paint.dim("(too long to carry; bound by a digest)") : paint.dim("(none)");
  const rows: readonly (readonly [string, string])[] = [
    ["scheme", scheme],
    ["recipient", recipient ?? bound],
    [scheme === "srs" ? "rewritten from" : "tag", tag ?? paint.dim("(none)")],
    ["made on", issuedAt?.slice(0, 10) ?? paint.dim("(unknown)")],
    ["check", SAID[check]],
  ];
  return [paint.bold(address), ...rows.map(([name, value]) => `  ${name.padEnd(15)}${value}`)].join("\n");
}

async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) if (line.trim()) yield line.trim();
}

function parseDay(value: string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError("expected a date such as 2026-11-23");
  return date;
}
