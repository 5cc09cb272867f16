/** The pages, one file each. */
import type { App } from "../http/app.ts";
import type { HttpContext } from "../http/context.ts";
import { assetRoutes } from "./assets.ts";
import { eventPage } from "./pages/event.ts";
import { logPage } from "./pages/log.ts";
import { overviewPage } from "./pages/overview.ts";

export const WEB_ROUTES: readonly ((app: App, context: HttpContext) => void | Promise<void>)[] = [
  assetRoutes,
  overviewPage,
  logPage,
  eventPage,
];
