/** Every group of routes, one file each. */
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { statsRoutes } from "./routes/stats.ts";
import type { App } from "./app.ts";
import type { HttpContext } from "./context.ts";

export type Routes = (app: App, context: HttpContext) => void | Promise<void>;

export const ROUTES: readonly Routes[] = [healthRoutes, eventRoutes, statsRoutes];
