/** Every group of routes, one file each. */
import { asyncApiRoutes } from "./asyncapi.ts";
import { auditRoutes } from "./routes/audit.ts";
import { classificationRoutes } from "./routes/classification.ts";
import { codeRoutes } from "./routes/codes.ts";
import { eventRoutes } from "./routes/events.ts";
import { helpDeskRoutes } from "./routes/outputs/help-desks.ts";
import { healthRoutes } from "./routes/health.ts";
import { incidentRoutes } from "./routes/incidents.ts";
import { mcpRoutes } from "./routes/mcp.ts";
import { messageRoutes } from "./routes/messages.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { operationRoutes } from "./routes/operations.ts";
import { peopleRoutes } from "./routes/people.ts";
import { providerWebhookRoutes } from "./routes/sending/provider-webhooks.ts";
import { reclassificationRoutes } from "./routes/reclassifications.ts";
import { refusalRoutes } from "./routes/sending/refusals.ts";
import { holdRoutes } from "./routes/sending/holds.ts";
import { rateRoutes } from "./routes/sending/rates.ts";
import { tallyRoutes } from "./routes/sending/tallies.ts";
import { returnPathRoutes } from "./routes/return-paths.ts";
import { ruleRoutes } from "./routes/rules.ts";
import { sendgridRoutes } from "./routes/sendgrid/sendgrid.ts";
import { statsRoutes } from "./routes/stats.ts";
import { syncRoutes } from "./routes/sync.ts";
import { suppressionHistoryRoutes } from "./routes/suppression-history.ts";
import { suppressionTransferRoutes } from "./routes/suppression-transfer.ts";
import { suppressionRoutes } from "./routes/suppressions.ts";
import { compareRoutes } from "./routes/views/compare.ts";
import { viewRoutes } from "./routes/views/saved-views.ts";
import { webhookRoutes } from "./routes/outputs/webhooks.ts";
import type { App } from "./app.ts";
import type { HttpContext } from "./context.ts";

export type Routes = (app: App, context: HttpContext) => void | Promise<void>;

export const ROUTES: readonly Routes[] = [
  healthRoutes,
  metricsRoutes,
  eventRoutes,
  statsRoutes,
  compareRoutes,
  incidentRoutes,
  viewRoutes,
  suppressionRoutes,
  suppressionHistoryRoutes,
  suppressionTransferRoutes,
  returnPathRoutes,
  codeRoutes,
  classificationRoutes,
  messageRoutes,
  refusalRoutes,
  tallyRoutes,
  rateRoutes,
  holdRoutes,
  providerWebhookRoutes,
  operationRoutes,
  auditRoutes,
  peopleRoutes,
  webhookRoutes,
  helpDeskRoutes,
  syncRoutes,
  ruleRoutes,
  reclassificationRoutes,
  sendgridRoutes,
  mcpRoutes,
  asyncApiRoutes,
];
