/** Role `http`: the API and the pages, listening. */
import type { RunningRole, ServiceContext } from "../src/client/service.ts";
import { configuredIntake } from "../src/intake/configured.ts";
import { openStore } from "../src/store/store.ts";
import { offerWaysIn } from "../src/http/access/ways-in.ts";
import { partHealth } from "../src/telemetry/metrics.ts";
import { contextOf } from "../src/http/context-of.ts";
import type { HttpContext } from "../src/http/context.ts";
import { buildServer } from "../src/http/server.ts";
import { pagesFor } from "../src/web/pages.ts";

const MEASURE_MS = 5000;

/** What /readyz says, for those who watch metrics. Never rejects. */
async function measure(health: HttpContext["health"]): Promise<void> {
  const parts = await health();
  // A part that is not there any more says nothing.
  partHealth.reset();
  for (const { name, ok } of parts) partHealth.set({ part: name }, ok ? 1 : 0);
}

/** Rejects when the port is taken or the token file cannot be read. */
export async function httpRole({ config, logger, queues, redisUrl, processes }: ServiceContext): Promise<RunningRole> {
  const store = await openStore(config);
  const intake = configuredIntake(config, redisUrl, ({ problems }) =>
    problems.forEach((problem) => logger.error(problem)),
  );
  const { context, close } = contextOf(config, store, queues, intake, processes, logger);
  const app = await buildServer(context, { pages: pagesFor, logger: logger.child({ role: "http" }) });
  const measuring = setInterval(() => void measure(context.health), MEASURE_MS);
  const stop = async (): Promise<void> => {
    clearInterval(measuring);
    await app.close();
    await close();
    await intake.close();
    await store.close();
  };
  try {
    const url = await app.listen({ host: config.BOUNCED_HTTP_HOST, port: config.BOUNCED_HTTP_PORT });
    const pages = `${url}${context.settings.basePath}`;
    return { notes: [`API and pages on ${pages}`, ...offerWaysIn(config, pages, new Date())], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
