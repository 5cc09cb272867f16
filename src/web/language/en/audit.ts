/** The page of the audit log in English. */
import type { AuditAction, AuditOutcome } from "../../../store/audit/audit.ts";
import { speechOf } from "../speech.ts";

const { plural } = speechOf("en");

export const ENGLISH_AUDIT = {
  title: "Audit log",
  lead: (days: number) =>
    `Sign-ins, exports, messages read, erasures and every change, for ${plural(days, { one: "# day", other: "# days" })}.`,
  anyAction: "any action",
  action: "Action",
  who: "Person or token",
  whoPlaceholder: "person or token",
  text: "Address, id or details",
  textPlaceholder: "address, id or details",
  fromDay: "From day (UTC)",
  toDay: "To day (UTC)",
  fromPlaceholder: "from YYYY-MM-DD",
  toPlaceholder: "to YYYY-MM-DD",
  entries: "Entries",
  emptyTitle: "No entries",
  empty: "Nothing was recorded that matches.",
  older: "Older",
  pages: "Pages",
  when: "When",
  by: "Who",
  what: "What",
  target: "On what",
  from: "From",
  machine: "this machine",
  csv: "CSV",
  jsonLines: "JSON lines",
  request: (id: string) => `request ${id}`,
  actions: {
    "sign-in": "Signed in",
    "sign-in-refused": "Sign-in refused",
    "sign-out": "Signed out",
    export: "Export",
    "raw-read": "Message read",
    erasure: "Address erased",
    "list-change": "Suppression list changed",
    "rule-change": "Rules changed",
    reclassification: "Log reclassified",
    replay: "Events sent again",
    "queue-change": "Queues changed",
    "token-change": "Tokens changed",
    "person-change": "People changed",
    "settings-change": "Settings changed",
    "incident-change": "Incident closed or reopened",
  } satisfies Record<AuditAction, string>,
  outcomes: {
    begun: { name: "end unknown", title: "It began; how it ended was not recorded." },
    done: { name: "done", title: "It was done." },
    refused: { name: "refused", title: "It was refused; nothing was done." },
    failed: { name: "failed", title: "It failed; the service log names the cause by the request." },
  } satisfies Record<AuditOutcome, { readonly name: string; readonly title: string }>,
};
