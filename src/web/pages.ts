/** The pages, one file each, as the server takes them. */
import type { ViewContext } from "./view.ts";
import type { Routes } from "../http/routes.ts";
import type { Pages } from "../http/server.ts";
import { assetRoutes } from "./assets.ts";
import { auditPage } from "./pages/access/audit.ts";
import { codesPage } from "./pages/codes.ts";
import { eventPage } from "./pages/event.ts";
import { incidentPages } from "./incidents/incident-pages.ts";
import { logPage } from "./pages/log.ts";
import { messagePage } from "./pages/message.ts";
import { mistypedPage } from "./pages/mistyped.ts";
import { overviewPage } from "./pages/overview.ts";
import { peoplePage } from "./pages/access/people.ts";
import { providerPage } from "./pages/provider.ts";
import { referencePage } from "./pages/reference.ts";
import { outputsPage } from "./outputs/outputs-page.ts";
import { queuesPage } from "./pages/queues.ts";
import { reclassifyPage } from "./pages/reclassify.ts";
import { ratesPage } from "./pages/rates.ts";
import { ruleEditorPage } from "./pages/rule-editor.ts";
import { rulesPage } from "./pages/rules.ts";
import { setupPage } from "./pages/setup.ts";
import { suppressionHistoryPage } from "./pages/suppression-history.ts";
import { suppressionImportPage } from "./pages/suppression-import.ts";
import { suppressionPolicyPage } from "./pages/suppression-policy.ts";
import { suppressionsPage } from "./pages/suppressions.ts";
import { findPage } from "./pages/subjects/find.ts";
import { mailPage } from "./pages/subjects/mail.ts";
import { recipientPage } from "./pages/subjects/recipient.ts";
import { slicePages } from "./pages/subjects/slice.ts";
import { comparePage } from "./pages/views/compare.ts";
import { viewsPage } from "./pages/views/views.ts";
import { unmatchedPage } from "./pages/unmatched.ts";
import { sendProblemPage, wantsPage } from "./problem-page.ts";
import { unsubscribePage } from "./pages/unsubscribe.ts";
import { queueBoard } from "./queue-board.ts";
import { registerLanguage } from "./language-switch.ts";
import { registerSignIn } from "./sign-in/sign-in.ts";

const ROUTES: readonly Routes[] = [
  assetRoutes,
  overviewPage,
  incidentPages,
  logPage,
  eventPage,
  findPage,
  recipientPage,
  mailPage,
  slicePages,
  suppressionsPage,
  suppressionHistoryPage,
  suppressionImportPage,
  suppressionPolicyPage,
  mistypedPage,
  codesPage,
  messagePage,
  unmatchedPage,
  rulesPage,
  ruleEditorPage,
  reclassifyPage,
  outputsPage,
  queuesPage,
  queueBoard,
  setupPage,
  auditPage,
  peoplePage,
  providerPage,
  ratesPage,
  comparePage,
  viewsPage,
  referencePage,
  unsubscribePage,
];

export const pagesFor = (context: ViewContext): Pages => ({
  problems: {
    wanted: wantsPage,
    send: (request, reply, problem) => sendProblemPage(request, reply, context, problem),
  },
  registerSignIn(app, whole, access) {
    registerLanguage(app, whole);
    registerSignIn(app, whole, access);
  },
  routes: ROUTES,
});
