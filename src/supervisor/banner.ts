/** What the person who starts the service reads. */
import type { Config } from "../config/config.ts";
import type { ServiceRedis } from "../redis/provide.ts";
import { ROLES } from "../client/service.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { RoleNotes } from "./messages.ts";

/** In the same order however many processes there are. */
export const linesOf = (
  notes: readonly RoleNotes[],
  processes: readonly string[],
  config: Config,
  redis: Pick<ServiceRedis, "description">,
): readonly string[] => [
  ...notes.toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role)).flatMap((role) => role.notes),
  ...processes,
  `queues in ${redis.description}`,
  `data in ${config.dataDir}`,
];

/** What Redis says of itself is for the log; what we do about it is for the person who started us. */
export const noteRedis =
  (logger: Logger, print: (line: string) => void) =>
  (line: string): void => {
    if (!line.startsWith("redis:")) print(line);
    else if (/error|corrupt|bad file|misconf|can.t/i.test(line)) logger.error(line);
    else logger.debug(line);
  };
