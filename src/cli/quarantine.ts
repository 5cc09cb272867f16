import { Command } from "commander";
import CliTable from "cli-table3";
import { loadConfig } from "../config.ts";
import { listQuarantine, redriveQuarantine } from "../queues/quarantine.ts";
import { openQueues, type Queues } from "../queues/queues.ts";
import { redisUrlOf } from "../queues/redis.ts";

/** `bounced quarantine`: messages that stopped their worker too often, and putting them back. */
export function quarantineCommand(): Command {
  const command = new Command("quarantine").description(
    "Messages that could not be processed: they stopped their worker too often, or their events could not be written.",
  );
  command
    .command("list")
    .description("show what is in quarantine, oldest first")
    .option("--json", "as JSON lines")
    .action((options: { json?: boolean }) =>
      withQueues(async (queues) => {
        const messages = await listQuarantine(queues);
        if (options.json) for (const message of messages) console.log(JSON.stringify(message));
        else if (messages.length === 0) console.log("The quarantine is empty.");
        else {
          const table = new CliTable({
            head: ["id", "since", "tries", "for", "octets", "reason"],
            style: { head: [] },
          });
          for (const { id, failedAt, attempts, forwardPath, size, reason } of messages)
            table.push([id, failedAt ?? "", attempts, forwardPath ?? "", size, reason.slice(0, 60)]);
          console.log(table.toString());
        }
      }),
    );
  command
    .command("redrive")
    .description("put messages back on the intake queue; without ids, all of them")
    .argument("[id...]", "ids as `quarantine list` shows them")
    .action((ids: readonly string[]) =>
      withQueues(async (queues) => {
        const count = await redriveQuarantine(queues, ids.length > 0 ? ids : undefined);
        console.log(`${count} put back on the intake queue.`);
        if (ids.length > count) process.exitCode = 1;
      }),
    );
  return command;
}

async function withQueues(work: (queues: Queues) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const queues = openQueues({ redisUrl: redisUrlOf(config), prefix: config.BOUNCED_PREFIX });
  const patience = setTimeout(() => {
    console.error("bounced: Redis does not answer; is the service running, or REDIS_URL right?");
    process.exit(1);
  }, 5000);
  try {
    await queues.redis.ping();
    clearTimeout(patience);
    await work(queues);
  } finally {
    clearTimeout(patience);
    await queues.close();
  }
}
