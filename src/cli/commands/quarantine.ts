import { Command } from "commander";
import { listQuarantine, redriveQuarantine } from "../../queues/upkeep/quarantine.ts";
import { EXIT } from "../exit-status.ts";
import { formatTable } from "../table.ts";
import { count, JSON_HELP, minuteOf, onOneLine, print, printJson } from "../terminal.ts";
import { recordIfPossible, withQueues } from "../with-service.ts";

/** `bounced quarantine`: messages that stopped their worker too often, and putting them back. */
export function quarantineCommand(): Command {
  const command = new Command("quarantine").description(
    "Messages that could not be processed: they stopped their worker too often, or their events could not be written.",
  );
  command
    .command("list")
    .description("List messages in quarantine, oldest first.")
    .option("--json", JSON_HELP)
    .action((options: { json?: boolean }) =>
      withQueues(async (queues) => {
        const messages = await listQuarantine(queues);
        if (options.json) return printJson(messages);
        if (messages.length === 0) return print("The quarantine is empty.");
        const rows = messages.map(({ id, failedAt, attempts, forwardPath, size, reason }) => [
          id,
          failedAt === null ? "" : minuteOf(failedAt),
          attempts,
          onOneLine(forwardPath, 44),
          size,
          onOneLine(reason, 60),
        ]);
        print(formatTable(["id", "since (UTC)", "tries", "for", "octets", "reason"], rows));
      }),
    );
  command
    .command("redrive")
    .alias("retry")
    .description("Put messages back on the intake queue; without ids, all of them.")
    .argument("[id...]", "Ids as `quarantine list` prints them")
    .option("--json", JSON_HELP)
    .action((ids: readonly string[], options: { json?: boolean }) =>
      withQueues(async (queues) => {
        await recordIfPossible({
          action: "queue-change",
          target: ids.join(", "),
          detail: "bounced quarantine redrive",
        });
        const redriven = await redriveQuarantine(queues, ids.length > 0 ? ids : undefined);
        if (options.json)
          printJson([...new Set([...redriven, ...ids])].map((id) => ({ id, redriven: redriven.includes(id) })));
        else print(`${count(redriven.length, "message")} put back on the intake queue.`);
        const missing = ids.filter((id) => !redriven.includes(id));
        for (const id of missing)
          process.stderr.write(
            `bounced: no message ${onOneLine(id)} in quarantine; bounced quarantine list shows them\n`,
          );
        if (missing.length > 0) process.exitCode = EXIT.failed;
      }),
    );
  return command;
}
