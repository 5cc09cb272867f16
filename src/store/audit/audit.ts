/** The audit log: who did what, on what, when and from where. */
import { z } from "zod";

export const AUDIT_ACTIONS = [
  "sign-in",
  "sign-in-refused",
  "sign-out",
  "export",
  "raw-read",
  "erasure",
  "list-change",
  "rule-change",
  "reclassification",
  "replay",
  "queue-change",
  "token-change",
  "person-change",
  "settings-change",
  "incident-change",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `begun`: the act was recorded, and how it ended was not: the service stopped in between. */
export const AUDIT_OUTCOMES = ["begun", "done", "refused", "failed"] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export interface AuditAct {
  readonly action: AuditAction;
  /** `token:shop`, `person:ann@example.com`, `cli:root`; as in the history of the suppression list. */
  readonly actor: string;
  /** Id of the token or person; "" where there is none. */
  readonly actorId: string;
  /** What it was done to: an address, an id. Of an erasure the address, of which a digest is kept. */
  readonly target: string;
  readonly detail: string;
  /** IP address; "" for a command on the machine. */
  readonly address: string;
  readonly requestId: string;
  readonly outcome: AuditOutcome;
}

export interface AuditEntry extends AuditAct {
  readonly id: number;
  readonly at: string;
}

export interface AuditFilter {
  readonly action?: readonly AuditAction[] | undefined;
  readonly outcome?: readonly AuditOutcome[] | undefined;
  /** Any part of the actor or its id. */
  readonly actor?: string | undefined;
  /** Any part of target or detail. */
  readonly text?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AuditQuery extends AuditFilter {
  readonly limit: number;
  /** Id of the last entry of the page before. */
  readonly before?: number | undefined;
}

export interface AuditLog {
  /** Durable when it resolves; to be called before the act. Resolves to the id of the entry. */
  add(act: AuditAct): Promise<number>;
  /** How an act of outcome `begun` ended. It is written once. */
  end(id: number, outcome: Exclude<AuditOutcome, "begun">): Promise<void>;
  /** Newest first. */
  search(query: AuditQuery): Promise<readonly AuditEntry[]>;
  iterate(filter: AuditFilter): AsyncGenerator<AuditEntry, void, undefined>;
}

/** Section `audit` of bounced.yaml. */
export const auditSettingsSchema = z
  .strictObject({
    /** Independent of how long events are kept. */
    retentionDays: z.number().int().min(1).max(36_500).default(400),
    /** Of more entries the oldest go, so that nothing fills the disk: about 0.3 KB each, 4 KB at most. */
    maxEntries: z.number().int().min(1000).max(1_000_000_000).default(5_000_000),
  })
  .prefault({});
export type AuditSettings = z.infer<typeof auditSettingsSchema>;
