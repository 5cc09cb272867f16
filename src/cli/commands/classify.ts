import { fstatSync } from "node:fs";
import { createInterface } from "node:readline";
import { Command, InvalidArgumentError } from "commander";
import { SPOKEN_LANGUAGES, type Language } from "../../config/config.ts";
import {
  classifyAndExplain,
  emptyRefusal,
  type ExplainedVerdict,
  readMessage,
  type ReadSettings,
} from "../../core/index.ts";
import type { BouncedEvent } from "../../event/event.ts";
import { messageOf } from "../../machine/error-message.ts";
import { loadConfigOfAny } from "../../client/find-service.ts";
import { readMessages } from "../../sources/files.ts";
import { messageInputOf } from "../../sources/message-input.ts";
import { measureSources } from "../../sources/sources.ts";
import { readSettingsOf } from "../../reading/read-settings.ts";
import { answerToRefusal } from "../explain/answer.ts";
import { EXIT, UsageError } from "../exit-status.ts";
import { aboutFile, openInput } from "../files.ts";
import { sayInterrupted, untilAborted, untilSignal } from "../interrupt.ts";
import { outcomeOf } from "../outcome.ts";
import { startProgress, type Progress } from "../progress.ts";
import { shorten, streamTable, type Row } from "../table.ts";
import { count, JSON_HELP, onOneLine, paint, printInTurn } from "../terminal.ts";

interface Options {
  readonly json?: boolean;
  readonly diagnostics?: string;
  readonly diagnostic?: string;
  readonly language?: Language;
}

/** `bounced classify`: reads messages or rejection texts without any service, Redis or network. */
export function classifyCommand(): Command {
  return new Command("classify")
    .description(
      "Read returned messages (or rejection texts) and say who failed, why, and what to do. Needs no service.",
    )
    .argument("[path...]", ".eml files, folders, Maildirs, mbox files, or - for standard input")
    .option("--json", `${JSON_HELP}: {"path": …, "events": […]} for each message, in input order`)
    .option(
      "--diagnostics <file>",
      'Classify rejection texts: JSON lines {"text": …, "remoteMta"?, "status"?, "replyCode"?}',
    )
    .option("--diagnostic <text>", 'Classify one rejection text, e.g. "550 5.1.1 No such user"')
    .option("--language <code>", `Language of explanations: ${SPOKEN_LANGUAGES.join(", ")}`, asLanguage)
    .action((paths: string[], options: Options) => {
      const config = loadConfigOfAny();
      const settings = readSettingsOf(config, options.language);
      const { diagnostic: text, diagnostics } = options;
      if (text !== undefined && options.json) return printInTurn(JSON.stringify(verdictOf({ text }, settings)));
      if (text !== undefined)
        return printInTurn(answerToRefusal(text, config, options.language ?? config.BOUNCED_LANGUAGE).text);
      if (diagnostics !== undefined) return untilSignal((signal) => classifyTexts(diagnostics, settings, signal));
      if (paths.length === 0) throw new UsageError("give at least one path, or - for standard input");
      return untilSignal((signal) =>
        classifyMessages(paths, {
          settings,
          json: options.json ?? false,
          keepBytes: config.BOUNCED_KEEP_BYTES,
          signal,
        }),
      );
    });
}

function asLanguage(value: string): Language {
  const language = SPOKEN_LANGUAGES.find((known) => known === value);
  if (!language) throw new InvalidArgumentError(`known languages are ${SPOKEN_LANGUAGES.join(", ")}`);
  return language;
}

interface Reading {
  readonly settings: ReadSettings;
  readonly json: boolean;
  readonly keepBytes: number;
  readonly signal: AbortSignal;
}

/** Each message is printed when it is read. */
async function classifyMessages(paths: readonly string[], { settings, json, keepBytes, signal }: Reading) {
  const table = json ? null : streamTable(HEAD, WIDTHS);
  const progress = await progressOf(paths);
  if (paths.includes("-")) signal.addEventListener("abort", () => process.stdin.destroy());
  let messages = 0;
  let unreadable = 0;
  const onProblem = (path: string, error: unknown): void => {
    const text = messageOf(aboutFile(path, error));
    progress.say(`bounced: ${text.startsWith(path) ? text : `${path}: ${text}`}`);
    unreadable++;
  };
  try {
    for await (const { path, bytes } of untilAborted(readMessages(paths, { onProblem }), signal)) {
      const events = await readMessage(messageInputOf(bytes, keepBytes), settings);
      if (table && messages === 0) await printInTurn(table.head);
      messages++;
      if (!table) await printInTurn(JSON.stringify({ path, events }));
      else for (const event of events) await printInTurn(table.row(rowOf(path, event)));
      progress.add(bytes.length, { messages });
    }
  } finally {
    progress.stop();
  }
  if (signal.aborted) sayInterrupted(count(messages, "message"));
  else if (unreadable > 0) process.exitCode = EXIT.failed;
  else if (messages === 0)
    throw new Error(
      `no messages found in ${paths.join(", ")}: expected .eml files, a Maildir, an mbox file or folders of them`,
    );
}

/** Only where the rows go to a file: on a terminal they are the progress, and so is what a pipe shows there. */
async function progressOf(paths: readonly string[]): Promise<Progress> {
  const isShown = process.stderr.isTTY && fstatSync(process.stdout.fd).isFile() && !paths.includes("-");
  return startProgress("classifying [{bar}] {percentage}%  {messages} messages  {eta_formatted} left", {
    total: isShown ? await measureSources(paths, true).catch(() => 0) : 0,
    shown: { messages: 0 },
  });
}

const HEAD = ["message", "recipient", "outcome", "reason", "status", "diagnostic"] as const;
const WIDTHS = [32, 36, 12, 20, 8, 80] as const;

const rowOf = (path: string, event: BouncedEvent): Row => [
  shorten(path.split("/").slice(-2).join("/"), WIDTHS[0]),
  onOneLine(event.recipient.mailed ?? event.recipient.address ?? "-", WIDTHS[1]),
  outcomeOf(event),
  event.reason,
  event.status ?? (event.derivedStatus ? paint.dim(`(${event.derivedStatus})`) : "-"),
  onOneLine(event.diagnostic?.text ?? event.message.subject, WIDTHS[5]),
];

interface TextLine {
  readonly text: string;
  readonly remoteMta?: string | null;
  readonly status?: string | null;
  readonly replyCode?: number | null;
}

/** One line in, one line out, in order; a line that is not JSON gives an `error` line, never a crash. */
async function classifyTexts(file: string, settings: ReadSettings, signal: AbortSignal): Promise<void> {
  const input = file === "-" ? process.stdin : await openInput(file);
  const lines = createInterface({ input, crlfDelay: Infinity, signal });
  let texts = 0;
  for await (const line of untilAborted(lines, signal)) {
    if (line.trim() === "") continue;
    await printInTurn(JSON.stringify(verdictOfLine(line, settings)));
    texts++;
  }
  input.destroy();
  if (signal.aborted) sayInterrupted(count(texts, "text"));
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

const verdictOf = (
  { text, status = null, replyCode, remoteMta = null }: TextLine,
  settings: ReadSettings,
): ExplainedVerdict =>
  classifyAndExplain(
    { ...emptyRefusal, text, status, remoteMta, replyCode: typeof replyCode === "number" ? replyCode : null },
    settings,
  );
