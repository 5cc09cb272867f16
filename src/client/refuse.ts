/** For programs that send mail: what became of it, to the service that runs here. */
import type { ReportedRefusalInput } from "../core/index.ts";
import type { Intake } from "../intake/accept.ts";
import { configuredIntake } from "../intake/configured.ts";
import { redisUrlOf } from "../redis/place.ts";
import { acceptRefusals } from "../refusals/accept-refusals.ts";
import type { AcceptedRefusals } from "../refusals/check-refusals.ts";
import { loadServiceConfig } from "./find-service.ts";

/** The connection is closed when nothing was reported for so long, so that a program can end. */
const IDLE_MS = 1000;

interface Opened {
  readonly intake: Intake;
  readonly pathPrefix: string;
  using: number;
  timer: NodeJS.Timeout | undefined;
}
let opened: Opened | null = null;

function open(): Opened {
  const config = loadServiceConfig("redis");
  const intake = configuredIntake(config, redisUrlOf(config));
  return { intake, pathPrefix: config.file.returnPath.prefix, using: 0, timer: undefined };
}

/**
 * `await refuse([{ recipient: "user@example.org", reply: "550 5.1.1 No such user", messageId: "<1@example.com>" }])`
 * resolves when all that are correct are durable; `errors` names the others. Rejects where Redis does not confirm that:
 * report all of them again, none counts twice.
 */
export async function refuse(refusals: readonly ReportedRefusalInput[]): Promise<AcceptedRefusals> {
  const mine = (opened ??= open());
  clearTimeout(mine.timer);
  mine.using++;
  try {
    return await acceptRefusals(mine.intake, refusals, mine);
  } finally {
    mine.using--;
    if (mine.using === 0) mine.timer = setTimeout(() => void close(mine), IDLE_MS);
  }
}

async function close(mine: Opened): Promise<void> {
  if (opened === mine) opened = null;
  await mine.intake.close();
}
