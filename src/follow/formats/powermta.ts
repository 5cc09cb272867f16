/**
 * PowerMTA's accounting file: CSV, whose first line names the columns that are configured, in any version. `rb` and `f` are about messages that returned, which come to bounced as what they are.
 */
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { ReportedRefusalInput } from "../../core/index.ts";
import { OTHER, refused, sentFrom, UNREADABLE, type LogFormat, type LogReader } from "./log-reader.ts";
import { instantIn } from "./syslog-line.ts";

const ACTIONS: ReadonlyMap<string, "failed" | "delayed" | "delivered"> = new Map([
  ["d", "delivered"],
  ["b", "failed"],
  ["t", "delayed"],
  ["tq", "delayed"],
]);

export const powermta: LogFormat = { id: "powermta", name: "PowerMTA", create: createReader };

function createReader(state: unknown): LogReader {
  let columns: readonly string[] = z.array(z.string()).safeParse(state).data ?? [];
  return {
    read(line) {
      if (line.startsWith("type,")) {
        columns = valuesOf(line) ?? [];
        return OTHER;
      }
      const action = ACTIONS.get(/^"?([a-z]{1,3})"?,/.exec(line)?.[1] ?? "");
      if (action === undefined) return /^"?[a-z]{1,3}"?,/.test(line) ? OTHER : UNREADABLE;
      const values = valuesOf(line);
      if (!values || values.length > columns.length || columns.length === 0) return UNREADABLE;
      const row = new Map(columns.map((name, index) => [name.trim().toLowerCase(), values[index] ?? ""]));
      return row.get("orig") === "" ? OTHER : (refusalOf(row, action) ?? UNREADABLE);
    },
    state: () => columns,
  };
}

function refusalOf(row: ReadonlyMap<string, string>, action: "failed" | "delayed" | "delivered") {
  const field = (...names: readonly string[]): string | undefined =>
    names.map((name) => row.get(name)).find((value) => value !== undefined && value !== "");
  const recipient = field("rcpt");
  const at = instantIn(zoned(field("timelogged") ?? ""));
  if (recipient === undefined || at === null) return null;
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(field("dsnstatus") ?? "")?.[0];
  const messageId = field("header_message-id");
  const original = /^(?:rfc822;)?(.+@.+)$/i.exec(field("orcpt") ?? "")?.[1];
  const job = field("jobid");
  const sender = field("orig");
  const remote = /^[^\s()]{1,255}/.exec(field("dsnmta") ?? "")?.[0];
  const queueId = field("header_x-queue-id", "envid", "msgid");
  const refusal: ReportedRefusalInput = {
    recipient,
    ...(original === undefined || original === recipient ? {} : { originalRecipient: original }),
    action,
    diagnostic: field("dsndiag") ?? field("bouncecat") ?? "",
    ...(status === undefined ? {} : { status }),
    ...(remote === undefined ? {} : { remoteMta: remote }),
    ...(sender === undefined ? {} : { returnPath: sender }),
    ...sentFrom(field("dlvsourceip")),
    ...(job === undefined ? {} : { tag: job }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(queueId === undefined ? {} : { queueId }),
    at,
    software: "powermta",
  };
  return refused(refusal);
}

/** `2026-11-29 10:00:00+0100`, without a zone in local time, or seconds since 1970, as until version 4. */
const zoned = (text: string): string =>
  /^\d{9,10}$/.test(text.trim())
    ? new Date(Number(text) * 1000).toISOString()
    : text
        .trim()
        .replace(" ", "T")
        .replace(/([+-]\d\d)(\d\d)$/, "$1:$2");

function valuesOf(line: string): readonly string[] | null {
  try {
    const [values] = parse(line, { relax_column_count: true });
    return values ?? null;
  } catch {
    return null;
  }
}
