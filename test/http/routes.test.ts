/** Every route against every kind of caller. A route that is missing here fails the test, as does one too many. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCESSES, allows, type Access, type Principal } from "../../src/http/access/principal.ts";
import { startHarness, type Harness } from "./harness.ts";

const ROUTES: Readonly<Record<Access, readonly string[]>> = {
  public: [
    "GET /healthz",
    "GET /readyz",
    "GET /openapi.json",
    "GET /reference",
    "GET /reference/frame",
    "GET /reference/scalar.js",
    "GET /sign-in",
    "GET /sign-in/:secret",
    "POST /language",
    "POST /sign-in",
    "POST /sign-out",
    "GET /session",
    "GET /assets/*",
    "GET /u/:token",
    "POST /u/:token",
    "POST /in/:source/:secret",
  ],
  viewer: [
    "GET /",
    "GET /log",
    "GET /rates",
    "GET /v1/stats/rates",
    "GET /v1/holds",
    "GET /v1/incidents",
    "GET /incidents",
    "GET /incidents/:id",
    "GET /v1/incidents/:id",
    "GET /log/facets",
    "GET /log/:id",
    "GET /suppressions",
    "GET /suppressions/history",
    "GET /codes",
    "GET /unmatched",
    "GET /v1/unmatched",
    "GET /metrics",
    "GET /v1/sync",
    "GET /v1/sync/:name/addresses",
    "GET /v1/webhooks",
    "GET /v1/webhooks/:id/deliveries",
    "GET /setup",
    "GET /outputs",
    "GET /v1/help-desks",
    "GET /v1/help-desks/:id/notes",
    "GET /setup/checks",
    "GET /setup/stream",
    "POST /codes/answer",
    "POST /codes/message",
    "GET /codes/providers/:id",
    "GET /v1/events",
    "GET /v1/events/:id",
    "GET /v1/stats/count",
    "GET /v1/stats/facets",
    "GET /v1/stats/series",
    "GET /v1/stats/compare",
    "GET /compare",
    "GET /views",
    "GET /v1/views",
    "GET /v1/stats/mistyped-domains",
    "GET /suppressions/mistyped",
    "GET /find",
    "GET /recipients/:address",
    "GET /messages/:messageId",
    "GET /domains/:value",
    "GET /providers/:value",
    "GET /sender-domains/:value",
    "GET /sending-addresses/:value",
    "GET /tags/:value",
    "GET /v1/suppressions",
    "GET /v1/suppressions/:value",
    "POST /v1/suppressions/check",
    "GET /v1/suppressions/history",
    "GET /v1/suppressions/changes",
    "GET /v1/return-paths/:address",
    "GET /codes/all",
    "GET /codes/message",
    "GET /unmatched/rules",
    "GET /v1/rules",
    "GET /v1/rules/history",
    "GET /v1/codes",
    "GET /v1/codes/:code",
    "GET /v1/failure-codes",
    "GET /v1/reasons",
    "POST /v1/classify",
    "POST /v1/classify/message",
    "GET /asyncapi.json",
    "POST /mcp",
    "GET /mcp",
    "DELETE /mcp",
    "GET /v3/suppression/bounces",
    "GET /v3/suppression/bounces/:email",
    "GET /v3/suppression/blocks",
    "GET /v3/suppression/blocks/:email",
    "GET /v3/suppression/spam_reports",
    "GET /v3/suppression/spam_reports/:email",
    "GET /v3/suppression/invalid_emails",
    "GET /v3/suppression/invalid_emails/:email",
    "GET /v3/suppression/unsubscribes",
    "GET /v3/suppression/unsubscribes/:email",
    "GET /v3/asm/suppressions/global/:email",
  ],
  operator: [
    "POST /v1/incidents/:id/notes",
    "POST /v1/incidents/:id/close",
    "POST /v1/incidents/:id/reopen",
    "POST /incidents/:id/close",
    "POST /incidents/:id/reopen",
    "POST /incidents/:id/notes",
    "POST /v1/webhooks/:id/replay",
    "POST /v1/help-desks/:id/replay",
    "POST /outputs/replay",
    "POST /v1/webhooks/:id/replay-log",
    "POST /v1/messages",
    "POST /v1/refusals",
    "POST /v1/tallies",
    "GET /v1/events/:id/raw",
    "POST /suppressions/add",
    "POST /views/save",
    "POST /views/remove",
    "POST /views/mail",
    "POST /v1/views/:id/mail",
    "POST /v1/views",
    "PUT /v1/views/:id",
    "DELETE /v1/views/:id",
    "GET /unmatched/rule",
    "POST /unmatched/rule",
    "POST /unmatched/rule/save",
    "POST /unmatched/rules/remove",
    "GET /unmatched/reclassify",
    "POST /unmatched/reclassify",
    "GET /unmatched/reclassify/:id",
    "GET /unmatched/reclassify/:id/stream",
    "POST /unmatched/reclassify/:id/apply",
    "POST /unmatched/reclassify/:id/stop",
    "POST /v1/rules/test",
    "PUT /v1/rules",
    "DELETE /v1/rules",
    "POST /v1/reclassifications",
    "GET /v1/reclassifications",
    "GET /v1/reclassifications/:id",
    "POST /v1/reclassifications/:id/apply",
    "POST /v1/reclassifications/:id/stop",
    "POST /suppressions/remove",
    "POST /suppressions/undo",
    "GET /suppressions/import",
    "POST /suppressions/import",
    "GET /suppressions/policy",
    "PUT /v1/suppressions/:value",
    "DELETE /v1/suppressions/:value",
    "POST /v1/suppressions/bulk",
    "POST /v1/suppressions/:value/clear",
    "POST /v1/suppressions/history/:id/undo",
    "POST /v1/suppressions/dry-run",
    "POST /v1/suppressions/import",
    "POST /v1/return-paths",
    "DELETE /v3/suppression/bounces",
    "DELETE /v3/suppression/bounces/:email",
    "DELETE /v3/suppression/blocks",
    "DELETE /v3/suppression/blocks/:email",
    "DELETE /v3/suppression/spam_reports",
    "DELETE /v3/suppression/spam_reports/:email",
    "DELETE /v3/suppression/invalid_emails",
    "DELETE /v3/suppression/invalid_emails/:email",
    "DELETE /v3/suppression/unsubscribes",
    "DELETE /v3/suppression/unsubscribes/:email",
    "DELETE /v3/asm/suppressions/global/:email",
    "POST /v3/asm/suppressions/global",
  ],
  admin: [
    "GET /audit",
    "GET /people",
    "POST /people/revoke",
    "POST /people/restore",
    "GET /v1/people",
    "POST /v1/people/:id/revoke",
    "POST /v1/people/:id/restore",
    "GET /v1/audit",
    "GET /v1/audit.csv",
    "GET /v1/audit.jsonl",
    "GET /queues",
    "POST /queues/redrive",
    "POST /setup/test",
    "POST /v1/events/emit",
    "POST /v1/erase",
  ],
  export: ["GET /v1/events.csv", "GET /v1/events.jsonl", "GET /v1/suppressions.csv", "GET /v1/suppressions.jsonl"],
};

const CALLERS: Readonly<Record<string, Principal | null>> = {
  nobody: null,
  viewer: { id: "v", name: "v", role: "viewer", mayExport: false, bounds: null, via: "token" },
  exporter: { id: "e", name: "e", role: "viewer", mayExport: true, bounds: null, via: "token" },
  operator: { id: "o", name: "o", role: "operator", mayExport: false, bounds: null, via: "token" },
  admin: { id: "a", name: "a", role: "admin", mayExport: false, bounds: null, via: "token" },
};

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test("the table has every route of the server, and no other", () => {
  const table = Object.values(ROUTES).flat();
  expect(new Set(table).size).toBe(table.length);
  expect(table.toSorted()).toEqual([...harness.routes].toSorted());
});

for (const access of ACCESSES)
  for (const route of ROUTES[access])
    test(`${route} is for ${access}`, async () => {
      const [method = "", path = ""] = route.split(" ");
      const url = path.replace(":id", "1").replaceAll(/:\w+/g, "user@example.org").replace("*", "theme.js");
      for (const [name, principal] of Object.entries(CALLERS)) {
        const headers = name === "nobody" ? {} : harness.bearer(name as "viewer");
        const answer = await harness.app.inject({ method: method as "GET", url, headers });
        const { statusCode } = answer;
        // A page leads strangers to the sign-in page.
        const toSignIn = statusCode === 303 && answer.headers.location?.startsWith("/sign-in?next=");
        const refused = statusCode === 401 || statusCode === 403 || toSignIn === true;
        // Signing in with nothing is a bad request, but open to everyone.
        expect([name, refused], `${name}: ${statusCode}`).toEqual([name, !allows(principal, access)]);
        if (refused) expect(statusCode, name).toBe(principal ? 403 : toSignIn ? 303 : 401);
        else expect(statusCode, `${name}: ${answer.body.slice(0, 300)}`).not.toBe(500);
      }
    });

/** With a body of its own, which is looked at first, or a stream that never ends. */
const HAS_BODY = /^(?:POST|PUT) |^DELETE \/v3\/suppression\/\w+$/;
for (const route of Object.values(ROUTES).flat())
  if (/ \/v\d\//.test(route) && !HAS_BODY.test(route))
    test(`${route} refuses a parameter that it does not know`, async () => {
      const [method = "", path = ""] = route.split(" ");
      const id = path.includes("reclassifications") ? "0123456789abcdef" : "1";
      const url = path.replace(":id", id).replace(":code", "5.1.1").replaceAll(/:\w+/g, "user@example.org");
      const headers = harness.bearer("admin");
      const exporter = harness.bearer("exporter");
      const answer = await harness.app.inject({
        method: method as "GET",
        url: `${url}?nosuch=1`,
        headers: ROUTES.export.includes(route) ? exporter : headers,
      });
      expect(answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining('"nosuch"') });
    });
