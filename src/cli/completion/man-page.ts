/** The manual page, bounced(1), in the macros of man(7). */
import { flatten, type CommandNode, type OptionNode } from "./command-tree.ts";

interface ManPage {
  readonly root: CommandNode;
  readonly version: string;
  /** What the exit statuses mean. */
  readonly statuses: readonly (readonly [status: string, meaning: string])[];
  readonly variables: readonly (readonly [name: string, meaning: string])[];
}

export function manPage({ root, version, statuses, variables }: ManPage): string {
  const commands = flatten(root).filter(({ path }) => path !== "");
  return [
    `.TH BOUNCED 1 "" "bounced ${version}" "User Commands"`,
    // Neither hyphens within words nor stretched lines: options and settings are copied from it.
    ".nh",
    ".ad l",
    ".SH NAME",
    `bounced \\- ${text(root.about)}`,
    ".SH SYNOPSIS",
    ".B bounced",
    ".I COMMAND",
    "[options]",
    ".SH DESCRIPTION",
    "A self-hosted processor for returned mail: it listens on SMTP as the Return-Path of what you send, works out who",
    "failed, why, and what to do about it, and emits one event for each recipient.",
    ".SH OPTIONS",
    ...root.options.flatMap((option) => optionTerm(option)),
    ...(commands[0]?.options ?? []).filter(({ long }) => long === "--data-dir").flatMap((option) => optionTerm(option)),
    ".SH COMMANDS",
    ...commands.flatMap((command) => section(command)),
    ".SH EXIT STATUS",
    ...statuses.flatMap(([status, meaning]) => term(status, meaning)),
    ".SH ENVIRONMENT",
    ...variables.flatMap(([name, meaning]) => term(name, meaning)),
    "",
  ].join("\n");
}

const section = ({ path, usage, about, options }: CommandNode): readonly string[] => [
  `.SS "bounced ${text(path)} ${text(usage).replaceAll('"', "\\(dq")}"`,
  text(about),
  ...options.filter(({ long }) => !OF_ALL.has(long)).flatMap((option) => optionTerm(option)),
];

/** Every command has them: they are listed once. */
const OF_ALL: ReadonlySet<string> = new Set(["--help", "--data-dir"]);

const optionTerm = ({ flags, about, choices }: OptionNode): readonly string[] =>
  term(flags, choices === null ? about : `${about} (${choices.join(", ")})`);

const term = (name: string, meaning: string): readonly string[] => [".TP", `.B ${text(name)}`, text(meaning)];

/** A backslash and a hyphen are markup, and so is a line that begins with a full stop or an apostrophe. */
const text = (plain: string): string =>
  plain
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/^(?=[.'])/, "\\&");
