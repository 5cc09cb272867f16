/** The filter options of `bounced log`, and how a person writes them. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { AUTHENTICITIES, EVENT_KINDS, FAULTS, REASONS, SEVERITIES } from "../core/event.ts";
import type { LogFilter } from "../store/log-query.ts";

export type FilterOptions = Omit<LogFilter, "replyCode" | "failureCode" | "header"> & {
  readonly replyCode?: readonly number[];
  readonly failureCode?: readonly number[];
  readonly header?: { readonly name: string; readonly value: string };
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** `2026-03-01` is midnight UTC. */
export function parseInstant(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError("expected 2026-03-01 or 2026-03-01T12:00:00Z");
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
  const options: readonly Option[] = [
    new Option("--from <time>", "received since, e.g. 2026-03-01").argParser(parseInstant),
    new Option("--to <time>", "received until; a day is included").argParser(parseEnd),
    new Option("--recipient <part>", "any part of the recipient's address"),
    new Option("--address <addresses>", "exactly this recipient").argParser(list),
    new Option("--domain <domains>", "of the recipient").argParser(list),
    new Option("--reason <reasons>", "e.g. mailbox_unknown,mailbox_full").argParser(oneOf(REASONS)),
    new Option("--severity <words>", SEVERITIES.join(", ")).argParser(oneOf(SEVERITIES)),
    new Option("--kind <words>", EVENT_KINDS.join(", ")).argParser(oneOf(EVENT_KINDS)),
    new Option("--fault <words>", FAULTS.join(", ")).argParser(oneOf(FAULTS)),
    new Option("--authenticity <words>", AUTHENTICITIES.join(", ")).argParser(oneOf(AUTHENTICITIES)),
    new Option("--status <codes>", "5.1.1, or its beginning: 5.7.").argParser(list),
    new Option("--reply-code <codes>", "e.g. 550,552").argParser(numbers),
    new Option("--failure-code <codes>", "e.g. 2001").argParser(numbers),
    new Option("--provider <names>", "who refused, e.g. google").argParser(list),
    new Option("--rule <ids>", "the rule that decided").argParser(list),
    new Option("--sender <part>", "any part of the sender's address"),
    new Option("--sender-domain <domains>", "exactly").argParser(list),
    new Option("--subject <part>", "any part of the original subject"),
    new Option("--message-id <part>", "any part of the original Message-ID"),
    new Option("--tag <tags>", "of the return path").argParser(list),
    new Option("--header <name:value>", "a kept header and any part of its value").argParser(parseHeader),
    new Option("--diagnostic <part>", "any part of the remote server's words"),
  ];
  for (const option of options) command.addOption(option);
  return command;
}
