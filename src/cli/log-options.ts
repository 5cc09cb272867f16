/** The filter options of `bounced log`, and how a person writes them. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { AUTHENTICITIES, EVENT_KINDS, FAULTS, REASONS, SEVERITIES } from "../event/event.ts";
import { checkPeriod, type LogFilter } from "../store/log/log-query.ts";

export type FilterOptions = Omit<LogFilter, "replyCode" | "failureCode" | "header"> & {
  readonly replyCode?: readonly number[];
  readonly failureCode?: readonly number[];
  readonly header?: { readonly name: string; readonly value: string };
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/** `2026-03-01` is midnight UTC. No other order of day and month: half of the world would mean another day. */
export function parseInstant(text: string): string {
  const day = INSTANT.exec(text)?.[1];
  const at = day === undefined ? Number.NaN : Date.parse(text);
  // `2026-02-30` would be 2 March.
  if (Number.isNaN(at) || new Date(`${day}T00:00:00Z`).getUTCDate() !== Number(day?.slice(8)))
    throw new InvalidArgumentError("expected 2026-03-01 or 2026-03-01T12:00:00Z");
  return new Date(at).toISOString();
}

/** A day that ends a period belongs to it. */
export function parseEnd(text: string): string {
  const instant = parseInstant(text);
  return DAY.test(text) ? new Date(Date.parse(instant) + DAY_MS).toISOString() : instant;
}

const list = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);

const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): readonly Word[] =>
    list(text).map((word) => {
      const found = words.find((known) => known === word);
      if (found === undefined) throw new InvalidArgumentError(`"${word}" is not one of ${words.join(", ")}`);
      return found;
    });

const numbers = (text: string): number[] =>
  list(text).map((word) => {
    if (!/^\d{3,4}$/.test(word)) throw new InvalidArgumentError(`"${word}" is not a code`);
    return Number(word);
  });

function parseHeader(text: string): { name: string; value: string } {
  const colon = text.indexOf(":");
  if (colon < 0) return { name: text.trim(), value: "" };
  return { name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() };
}

/** Lists are separated by commas. */
export function addFilterOptions(command: Command): Command {
  const groups: Readonly<Record<string, readonly Option[]>> = {
    "When and to whom:": [
      new Option("--from <time>", "Received since, e.g. 2026-03-01 (UTC)").argParser(parseInstant),
      new Option("--to <time>", "Received until; a day is included").argParser(parseEnd),
      new Option("--recipient <part>", "Any part of the recipient's address"),
      new Option("--address <addresses>", "Exactly these recipients").argParser(list),
      new Option("--domain <domains>", "Domains of the recipient").argParser(list),
    ],
    "Verdict:": [
      new Option("--reason <reasons>", "Reasons, e.g. mailbox_unknown,mailbox_full").argParser(oneOf(REASONS)),
      new Option("--severity <words>", SEVERITIES.join(", ")).argParser(oneOf(SEVERITIES)),
      new Option("--kind <words>", EVENT_KINDS.join(", ")).argParser(oneOf(EVENT_KINDS)),
      new Option("--fault <words>", FAULTS.join(", ")).argParser(oneOf(FAULTS)),
      new Option("--authenticity <words>", AUTHENTICITIES.join(", ")).argParser(oneOf(AUTHENTICITIES)),
      new Option("--rule <ids>", "Rules that decided").argParser(list),
    ],
    "What the report says:": [
      new Option("--status <codes>", "Enhanced status, 5.1.1, or its beginning, 5.7.").argParser(list),
      new Option("--reply-code <codes>", "Reply codes, e.g. 550,552").argParser(numbers),
      new Option("--failure-code <codes>", "Failure codes, e.g. 2001").argParser(numbers),
      new Option("--provider <names>", "Who refused, e.g. google").argParser(list),
      new Option("--diagnostic <part>", "Any part of the remote server's text"),
    ],
    "The original message:": [
      new Option("--sender <part>", "Any part of the sender's address"),
      new Option("--sender-domain <domains>", "Exactly these domains of the sender").argParser(list),
      new Option("--subject <part>", "Any part of the subject"),
      new Option("--message-id <part>", "Any part of the Message-ID"),
      new Option("--tag <tags>", "Tags of the return path").argParser(list),
      new Option("--header <name:value>", "A kept header and any part of its value").argParser(parseHeader),
    ],
  };
  for (const [group, options] of Object.entries(groups)) {
    command.optionsGroup(group);
    for (const option of options) command.addOption(option);
  }
  return command
    .optionsGroup("Options:")
    .hook("preAction", (_, acting) => checkPeriod(acting.optsWithGlobals<FilterOptions>()));
}

export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError("expected a whole number above 0");
  return limit;
}
