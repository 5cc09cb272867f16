/** What a tool is, what it works with, and how it answers. server.ts hands them to the SDK. */
import { z } from "zod";
import type { Language } from "../config/config.ts";
import type { ReadSettings } from "../core/index.ts";
import type { AuditAct } from "../store/audit/audit.ts";
import type { Store } from "../store/store.ts";
import type { FailureCodes } from "../vendors/failure-codes.ts";

export interface McpDeps {
  readonly store: Pick<
    Store,
    "search" | "get" | "iterate" | "figures" | "series" | "suppressions" | "incidents" | "audit"
  >;
  readonly reading: () => Pick<ReadSettings, "rules">;
  readonly language: Language;
  readonly failureCodes: FailureCodes;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fault of ours, which the client is told nothing of. */
  readonly onError: (error: unknown) => void;
}

export interface McpCaller {
  /** Written beside every change of the list. */
  readonly actor: string;
  /** The role operator: without it the tools that change the list are not there. */
  readonly mayChange: boolean;
  /** Of the request, for the audit log; none on standard input. */
  readonly from?: Pick<AuditAct, "actorId" | "address" | "requestId">;
}

export interface ToolWork {
  readonly deps: McpDeps;
  readonly caller: McpCaller;
  /** Ends with the client's patience, or ours. */
  readonly signal: AbortSignal;
}

export interface McpTool<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly changes?: true;
  readonly run: (input: z.output<Input>, work: ToolWork) => Promise<z.input<Output>>;
}

/** Keeps the types of one tool while it is written; afterwards all are alike. */
export const toolOf = <Input extends z.ZodType, Output extends z.ZodType>(tool: McpTool<Input, Output>): McpTool =>
  tool;

const DAY_MS = 24 * 60 * 60 * 1000;
const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);
export const periodShape = {
  from: instant.optional().describe("first day (UTC) or instant, e.g. 2026-03-01"),
  to: instant.optional().describe("last day, included; or the instant before which"),
} as const;

export const periodOf = ({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) => ({
  from: from && new Date(from).toISOString(),
  to: to && new Date(Date.parse(to) + (to.includes("T") ? 0 : DAY_MS)).toISOString(),
});

/** What assistants ask for by themselves, of the many conditions of the log. */
export const exactly = (what: string) => z.array(z.string().min(1).max(320)).max(20).optional().describe(what);
