/** The mailbox role: reads bounces from the IMAP mailboxes of bounced.yaml. Nothing to do without any. */
import { join } from "node:path";
import { isMailboxPlace } from "../src/sources/drain-mailbox.ts";
import { watchMailbox } from "../src/sources/mailbox.ts";
import { openProgressFile } from "../src/sources/progress-file.ts";
import { configuredIntake } from "../src/intake/configured.ts";
import type { StartRole } from "../src/client/service.ts";

export const mailboxRole: StartRole = async ({ config, logger, redisUrl }) => {
  const { mailboxes } = config.file;
  if (mailboxes.length === 0) return { notes: [], stop: () => Promise.resolve() };
  const intake = configuredIntake(config, redisUrl, ({ problems }) =>
    problems.forEach((problem) => logger.error(problem)),
  );
  const places = openProgressFile(join(config.dataDir, "mailboxes.json"), isMailboxPlace);
  const watched = mailboxes.map((settings) =>
    watchMailbox({
      settings,
      places,
      logger,
      ingest: { intake, keepBytes: config.BOUNCED_KEEP_BYTES },
      maxBytes: config.BOUNCED_MAX_SIZE,
    }),
  );
  return {
    notes: watched.map(({ name }) => `mailbox of ${name}`),
    async stop() {
      await Promise.all(watched.map((mailbox) => mailbox.stop()));
      await intake.close();
    },
  };
};
