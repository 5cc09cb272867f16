/** What a caller reaches who may see no personal data. A route that is not here refuses them: the next one too. */
const PAGES = [
  "/",
  "/log",
  "/log/facets",
  "/log/:id",
  "/find",
  "/recipients/:address",
  "/domains/:value",
  "/providers/:value",
  "/sender-domains/:value",
  "/sending-addresses/:value",
  "/tags/:value",
  "/suppressions",
  "/incidents",
  "/incidents/:id",
  "/rates",
  "/compare",
  "/codes",
  "/codes/all",
  "/codes/providers/:id",
];
const API = [
  "/asyncapi.json",
  "/metrics",
  "/v1/events",
  "/v1/events/:id",
  "/v1/stats/count",
  "/v1/stats/facets",
  "/v1/stats/series",
  "/v1/stats/rates",
  "/v1/stats/compare",
  "/v1/incidents",
  "/v1/incidents/:id",
  "/v1/holds",
  "/v1/suppressions",
  "/v1/suppressions/:value",
  "/v1/codes",
  "/v1/codes/:code",
  "/v1/failure-codes",
  "/v1/reasons",
];
const ROUTES: ReadonlySet<string> = new Set([
  ...[...PAGES, ...API].map((path) => `GET ${path}`),
  "POST /v1/suppressions/check",
  "POST /v1/classify",
  "POST /codes/answer",
]);

export const isForMasked = (method: string, path: string): boolean =>
  ROUTES.has(`${method === "HEAD" ? "GET" : method} ${path}`);
