/**
 * A redis-server whose fsync does what strace makes of it. With -D the server is our child and strace is not: a signal
 * to our child ends the server, where otherwise it would end strace and leave the server running.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `injection` as in strace(1), e.g. `error=EIO:when=300+300`; `work` gets the path of the program. */
export async function withTracedRedis<Result>(
  injection: string,
  work: (binary: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-traced-"));
  const binary = join(folder, "redis-server");
  writeFileSync(
    binary,
    `#!/bin/sh\nexec strace -D -qq -f -o /dev/null -e trace=fdatasync,fsync -e inject=fdatasync,fsync:${injection} redis-server "$@"\n`,
    { mode: 0o755 },
  );
  try {
    return await work(binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
