/** The process of `bounced`. */
import { runCommandLine } from "./run.ts";

// A reader that closes early (`bounced log | head`) is not a fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
