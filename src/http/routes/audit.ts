/** The audit log: one page of it, or all of it as a download. Each reading by download is in it too. */
import { Readable } from "node:stream";
import { z } from "zod";
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditEntry, type AuditFilter } from "../../store/audit/audit.ts";
import { csvStream } from "../../store/log/csv.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { listOf, orNothing } from "../list-parameter.ts";
import { periodOfQuery } from "../query.ts";
import { instant } from "../query.ts";
import { download } from "./events.ts";

const tags = ["audit"];
const part = (what: string) => z.preprocess(orNothing, z.string().trim().max(320).optional()).describe(what);
export const auditShape = {
  action: listOf(z.enum(AUDIT_ACTIONS), "what was done"),
  outcome: listOf(z.enum(AUDIT_OUTCOMES), "how it ended; `begun`: that was not recorded"),
  actor: part("any part of who did it, or of the id of the token or person"),
  text: part("any part of what it was done to, or of the details"),
  from: instant("first day (UTC) or instant"),
  to: instant("last day, included; or the instant before which"),
} as const;

const entry = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  action: z.enum(AUDIT_ACTIONS),
  outcome: z.enum(AUDIT_OUTCOMES),
  actor: z.string().describe("`token:shop`, `person:ann@example.com`, `cli:root`"),
  actorId: z.string().describe("id of the token or person"),
  target: z.string().describe("address, id or name; of an erased address the digest"),
  detail: z.string(),
  address: z.string().describe("IP address; empty for a command on the machine"),
  requestId: z.string(),
});

export const auditFilterOf = (query: AuditFilter): AuditFilter => ({ ...query, ...periodOfQuery(query) });

const COLUMNS = [
  "id",
  "at",
  "action",
  "outcome",
  "actor",
  "actorId",
  "target",
  "detail",
  "address",
  "requestId",
] as const satisfies readonly (keyof AuditEntry)[];

export function auditRoutes(app: App, { store: { audit } }: Pick<HttpContext, "store">): void {
  app.get(
    "/v1/audit",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Who did what, newest first",
        querystring: z.strictObject({
          ...auditShape,
          limit: z.coerce.number().int().min(1).max(1000).default(100),
          before: z.coerce.number().int().min(1).optional().describe("id of the last entry of the page before"),
        }),
        response: { 200: z.object({ entries: z.array(entry).readonly() }) },
      },
    },
    async ({ query: { limit, before, ...filter } }) => ({
      entries: await audit.search({ ...auditFilterOf(filter), limit, before }),
    }),
  );
  app.get(
    "/v1/audit.csv",
    {
      config: { access: "admin", audit: "export" },
      schema: {
        tags,
        summary: "Download the audit log as CSV",
        produces: ["text/csv"],
        querystring: z.strictObject(auditShape),
      },
    },
    (request, reply) => {
      const rows = cellsOf(audit.iterate(auditFilterOf(request.query)));
      return download(reply, "bounced-audit.csv", "text/csv; charset=utf-8", csvStream(COLUMNS, rows));
    },
  );
  app.get(
    "/v1/audit.jsonl",
    {
      config: { access: "admin", audit: "export" },
      schema: {
        tags,
        summary: "Download the audit log as JSON lines",
        produces: ["application/jsonl"],
        querystring: z.strictObject(auditShape),
      },
    },
    (request, reply) => {
      const lines = linesOf(audit.iterate(auditFilterOf(request.query)));
      return download(reply, "bounced-audit.jsonl", "application/jsonl; charset=utf-8", Readable.from(lines));
    },
  );
}

async function* cellsOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<readonly (string | number)[]> {
  for await (const one of entries) yield COLUMNS.map((column) => one[column]);
}

async function* linesOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const one of entries) yield `${JSON.stringify(one)}\n`;
}
