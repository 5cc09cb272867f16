/**
 * What the schemas do not say of an operation: its name, from which clients take the names of their methods, and an
 * example of a call, from which the samples of the reference are written.
 */
export interface Operation {
  /** In camelCase; never changed once published. */
  readonly name: string;
  /** Parameters in path and query, by name, and the fields of a JSON body. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** A file to send, where the body is no JSON. */
  readonly file?: string;
}

const ADDRESS = "user@example.org";
const EVENT = "b6e4c1f0a9d24e7f8c3b5a6d7e8f9012";
const INCIDENT = "i29563920-auth_failed-google";
const PERSON = "pabcdefghijklmno";
const RUN = "0f1e2d3c4b5a6978";
const RULES = `- id: own/queue-full
  when: { text: "queue is full" }
  reason: system_full
  because: The server accepts no mail at the moment.`;

/** By method and path; SendGrid's own endpoints are called with SendGrid's clients. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET /healthz": { name: "getHealth" },
  "GET /readyz": { name: "getReadiness" },
  "GET /v1/events": {
    name: "searchEvents",
    example: { severity: ["hard"], domain: ["example.org"], from: "2026-05-01", limit: 10 },
  },
  "GET /v1/events/{id}": { name: "getEvent", example: { id: EVENT } },
  "GET /v1/events/{id}/raw": { name: "getRawMessage", example: { id: EVENT } },
  "GET /v1/events.csv": { name: "downloadEventsCsv", example: { from: "2026-05-01", to: "2026-05-31" } },
  "GET /v1/events.jsonl": { name: "downloadEvents", example: { reason: ["mailbox_full"] } },
  "GET /v1/stats/count": { name: "countEvents", example: { severity: ["block"], provider: ["google"] } },
  "GET /v1/stats/facets": { name: "getFacets", example: { dimensions: ["provider", "reason"], from: "2026-05-01" } },
  "GET /v1/stats/rates": { name: "getRates", example: { by: "provider" } },
  "GET /v1/stats/compare": {
    name: "comparePeriods",
    example: { period: "last-week", by: "provider", kind: ["bounce"] },
  },
  "GET /v1/stats/series": { name: "getSeries", example: { by: "day", dimension: "severity" } },
  "GET /v1/stats/mistyped-domains": { name: "listMistypedDomains", example: { from: "2026-05-01" } },
  "GET /v1/incidents": { name: "listIncidents", example: { state: "open" } },
  "GET /v1/incidents/{id}": { name: "getIncident", example: { id: INCIDENT } },
  "POST /v1/incidents/{id}/notes": {
    name: "addIncidentNote",
    example: { id: INCIDENT, text: "DKIM key of spring replaced at 10:40" },
  },
  "POST /v1/incidents/{id}/close": {
    name: "closeIncident",
    example: { id: INCIDENT, note: "Selector s2 is published; Google accepts again" },
  },
  "POST /v1/incidents/{id}/reopen": { name: "reopenIncident", example: { id: INCIDENT, note: "It is back" } },
  "GET /v1/views": { name: "listViews" },
  "POST /v1/views": {
    name: "createView",
    example: {
      name: "Blocks at Google",
      page: "log",
      query: "severity=block&provider=google",
      alert: { when: "more", hours: 6, count: 50 },
    },
  },
  "PUT /v1/views/{id}": {
    name: "replaceView",
    example: { id: RUN, name: "Blocks at Google", page: "log", query: "severity=block&provider=google" },
  },
  "POST /v1/views/{id}/mail": { name: "sendViewMail", example: { id: RUN } },
  "DELETE /v1/views/{id}": { name: "removeView", example: { id: RUN } },
  "GET /v1/suppressions": { name: "listSuppressions", example: { cause: ["complaint"], limit: 100 } },
  "POST /v1/suppressions/check": {
    name: "checkSuppressions",
    example: { addresses: [ADDRESS, "ann@example.net"] },
  },
  "GET /v1/suppressions/{value}": { name: "checkSuppression", example: { value: ADDRESS } },
  "PUT /v1/suppressions/{value}": { name: "suppress", example: { value: ADDRESS, note: "asked by phone" } },
  "DELETE /v1/suppressions/{value}": { name: "unsuppress", example: { value: ADDRESS, note: "mailbox is back" } },
  "POST /v1/suppressions/bulk": {
    name: "changeSuppressions",
    example: { add: [{ value: ADDRESS }], remove: [{ value: "ann@example.net" }], note: "import of May" },
  },
  "POST /v1/suppressions/{value}/clear": { name: "clearSoftFailures", example: { value: ADDRESS } },
  "GET /v1/suppressions/history": { name: "getSuppressionHistory", example: { value: ADDRESS } },
  "GET /v1/suppressions/changes": { name: "getSuppressionChanges", example: { limit: 500 } },
  "POST /v1/suppressions/history/{id}/undo": { name: "undoSuppressionChange", example: { id: 42 } },
  "POST /v1/suppressions/dry-run": { name: "tryPolicy", example: { from: "2026-05-01T00:00:00Z" } },
  "GET /v1/suppressions.csv": { name: "downloadSuppressionsCsv" },
  "GET /v1/suppressions.jsonl": { name: "downloadSuppressions" },
  "POST /v1/suppressions/import": { name: "importSuppressions", example: { format: "bounced" }, file: "list.csv" },
  "POST /v1/return-paths": { name: "createReturnPaths", example: { recipient: ADDRESS, tag: "spring" } },
  "GET /v1/sync": { name: "listSyncs" },
  "GET /v1/sync/{name}/addresses": { name: "listSyncAddresses", example: { name: "shop" } },
  "GET /v1/holds": { name: "listHolds", example: { tag: ["spring"] } },
  "GET /v1/return-paths/{address}": {
    name: "readReturnPath",
    example: { address: "b+user=example.org@bounces.example.com" },
  },
  "GET /v1/codes": { name: "listCodes", example: { list: "frequent" } },
  "GET /v1/codes/{code}": { name: "getCode", example: { code: "5.7.26" } },
  "GET /v1/failure-codes": { name: "listFailureCodes" },
  "GET /v1/reasons": { name: "listReasons" },
  "POST /v1/classify": { name: "classify", example: { text: "550 5.7.26 Unauthenticated email is not accepted" } },
  "POST /v1/classify/message": { name: "classifyMessage", file: "returned.eml" },
  "POST /v1/messages": {
    name: "submitMessage",
    example: { forwardPath: "bounces@bounces.example.com" },
    file: "returned.eml",
  },
  "POST /v1/refusals": {
    name: "reportRefusals",
    example: { refusals: [{ recipient: ADDRESS, reply: "550 5.1.1 No such user", remoteMta: "mx.example.org" }] },
  },
  "POST /v1/tallies": {
    name: "reportTallies",
    example: {
      source: "mta-1",
      number: 1,
      counts: [{ at: "2026-05-01T12:00:00Z", domain: "example.org", delivered: 40, failed: 2 }],
    },
  },
  "POST /v1/events/emit": { name: "emitEvents", example: { ids: [EVENT] } },
  "POST /v1/erase": { name: "eraseAddress", example: { address: ADDRESS } },
  "GET /v1/audit": { name: "listAuditEntries", example: { action: ["erasure"], from: "2026-05-01" } },
  "GET /v1/audit.csv": { name: "downloadAuditCsv", example: { from: "2026-05-01" } },
  "GET /v1/audit.jsonl": { name: "downloadAudit", example: { from: "2026-05-01" } },
  "GET /v1/people": { name: "listPeople", example: { text: "ann" } },
  "POST /v1/people/{id}/revoke": { name: "revokePerson", example: { id: PERSON } },
  "POST /v1/people/{id}/restore": { name: "restorePerson", example: { id: PERSON } },
  "GET /v1/webhooks": { name: "listWebhooks" },
  "GET /v1/webhooks/{id}/deliveries": { name: "listDeliveries", example: { id: "shop" } },
  "POST /v1/webhooks/{id}/replay": { name: "replayDeliveries", example: { id: "shop" } },
  "POST /v1/webhooks/{id}/replay-log": { name: "replayLog", example: { id: "shop", filter: { from: "2026-05-01" } } },
  "GET /v1/help-desks": { name: "listHelpDesks" },
  "GET /v1/help-desks/{id}/notes": { name: "listNotes", example: { id: "support" } },
  "POST /v1/help-desks/{id}/replay": { name: "replayNotes", example: { id: "support" } },
  "GET /v1/unmatched": { name: "listUnmatched", example: { limit: 20 } },
  "POST /v1/rules/test": { name: "testRules", example: { rules: RULES } },
  "GET /v1/rules": { name: "listRules" },
  "PUT /v1/rules": { name: "saveRules", example: { rules: RULES } },
  "DELETE /v1/rules": { name: "removeRule", example: { id: "own/queue-full" } },
  "GET /v1/rules/history": { name: "getRuleHistory" },
  "POST /v1/reclassifications": { name: "startReclassification", example: { filter: { from: "2026-05-01" } } },
  "GET /v1/reclassifications": { name: "listReclassifications" },
  "GET /v1/reclassifications/{id}": { name: "getReclassification", example: { id: RUN } },
  "POST /v1/reclassifications/{id}/apply": { name: "applyReclassification", example: { id: RUN } },
  "POST /v1/reclassifications/{id}/stop": { name: "stopReclassification", example: { id: RUN } },
};

/** Whether clients have a method for it. */
export const hasMethod = (path: string): boolean => path.startsWith("/v1/");
