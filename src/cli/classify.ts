import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { loadConfig, LANGUAGES, type Language } from "../config.ts";
import { classify, emptyRefusal } from "../core/classify/classify.ts";
import type { Verdict } from "../core/classify/verdict.ts";
import type { BouncedEvent, Severity } from "../core/event.ts";
import { readMessage } from "../core/read-message.ts";
import type { ReadSettings } from "../core/read-settings.ts";
import { messageOf } from "../error-message.ts";
import { readMessages } from "../ingest/files.ts";
import { messageInputOf } from "../ingest/message-input.ts";
import { readSettingsOf } from "../read-settings.ts";
import { formatTable, shorten, terminalWidth } from "./table.ts";

interface Options {
  readonly json?: boolean;
  readonly diagnostics?: string;
  readonly diagnostic?: string;
  readonly language?: Language;
}

/** `bounced classify`: reads messages or rejection texts without any service, Redis or network. */
export function classifyCommand(): Command {
  return new Command("classify")
    .description("Read returned messages (or rejection texts) and say who failed, why, and what to do. Needs no Redis.")
    .argument("[path...]", ".eml file, folder, Maildir, mbox file, or - for standard input")
    .option("--json", 'JSON lines, {"path": …, "events": […]} for each message, in input order')
    .option(
      "--diagnostics <file>",
      'classify rejection texts: JSON lines {"text": …, "remoteMta"?, "status"?, "replyCode"?}',
    )
    .option("--diagnostic <text>", 'classify one rejection text, e.g. "550 5.1.1 No such user"')
    .option("--language <code>", `language of explanations: ${LANGUAGES.join(", ")}`, asLanguage)
    .action((paths: string[], options: Options, command: Command) => {
      const config = loadConfig();
      const settings = readSettingsOf(config, options.language);
      if (options.diagnostic !== undefined)
        return printVerdict(verdictOf({ text: options.diagnostic }, settings), options);
      if (options.diagnostics !== undefined) return classifyTexts(options.diagnostics, settings);
      if (paths.length === 0) command.error("error: give at least one path, or - for standard input", { exitCode: 2 });
      return classifyMessages(paths, settings, options, config.BOUNCED_KEEP_BYTES);
    });
}

function asLanguage(value: string): Language {
  const language = LANGUAGES.find((known) => known === value);
  if (!language) throw new InvalidArgumentError(`known languages are ${LANGUAGES.join(", ")}`);
  return language;
}

async function classifyMessages(paths: readonly string[], settings: ReadSettings, options: Options, keepBytes: number) {
  const rows: string[][] = [];
  let count = 0;
  for await (const { path, bytes } of readMessages(paths)) {
    const events = await readMessage(messageInputOf(bytes, keepBytes), settings);
    count++;
    if (options.json) await print(JSON.stringify({ path, events }));
    else for (const event of events) rows.push(rowOf(path, event));
  }
  if (count === 0)
    throw new Error(
      `no messages found in ${paths.join(", ")}: expected .eml files, a Maildir, an mbox file or folders of them`,
    );
  if (!options.json)
    console.log(formatTable(["message", "recipient", "severity", "reason", "status", "what was said"], rows));
}

const PAINT: Readonly<Record<Severity, (text: string) => string>> = {
  hard: pc.red,
  soft: pc.yellow,
  block: pc.magenta,
  complaint: pc.red,
  info: pc.dim,
  unknown: pc.dim,
};

const rowOf = (path: string, event: BouncedEvent): string[] => [
  shorten(path.split("/").slice(-2).join("/"), 32),
  shorten(event.recipient.address ?? "-", 36),
  PAINT[event.severity](`${event.kind === "bounce" ? "" : `${event.kind}: `}${event.severity}`),
  event.reason,
  event.status ?? (event.derivedStatus ? pc.dim(`(${event.derivedStatus})`) : "-"),
  shorten(event.diagnostic?.text ?? event.message.subject ?? "", Math.max(24, terminalWidth() - 128)),
];

interface TextLine {
  readonly text: string;
  readonly remoteMta?: string | null;
  readonly status?: string | null;
  readonly replyCode?: number | null;
}

/** One line in, one line out, in order; a line that is not JSON gives an `error` line, never a crash. */
async function classifyTexts(file: string, settings: ReadSettings): Promise<void> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    await print(JSON.stringify(verdictOfLine(line, settings)));
  }
}

function verdictOfLine(line: string, settings: ReadSettings): unknown {
  try {
    const given = JSON.parse(line) as TextLine;
    if (typeof given.text !== "string") return { error: 'expected {"text": "…"}' };
    return verdictOf(given, settings);
  } catch (error) {
    return { error: `not a line of JSON: ${messageOf(error)}` };
  }
}

const verdictOf = ({ text, status = null, replyCode, remoteMta = null }: TextLine, settings: ReadSettings): Verdict =>
  classify(
    { ...emptyRefusal, text, status, remoteMta, replyCode: typeof replyCode === "number" ? replyCode : null },
    settings,
  );

function printVerdict(verdict: Verdict, options: Options): void {
  if (options.json) return console.log(JSON.stringify(verdict));
  const rows: string[][] = [
    ["reason", `${pc.bold(verdict.reason)}${verdict.secondaryReason ? ` (${verdict.secondaryReason})` : ""}`],
    ["severity", PAINT[verdict.severity](verdict.severity)],
    ["at fault", verdict.fault],
    ["advice", verdict.advice],
    ["confidence", `${Math.round(verdict.confidence * 100)} %`],
    ["provider", verdict.provider ?? "-"],
    [
      "because",
      verdict.evidence
        .map(({ source, rule, text }) => [source, rule, text && `“${text}”`].filter(Boolean).join(" "))
        .join("\n") || "-",
    ],
    ["meaning", verdict.explanation],
  ];
  console.log(formatTable([], rows));
}

/** Waits for a slow reader instead of buffering without bound. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}
