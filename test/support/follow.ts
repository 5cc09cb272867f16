/** A log of a mail server, read as `bounced follow --once` reads it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReportedRefusalInput } from "../../src/core/index.ts";
import { beginLog } from "../../src/follow/begin.ts";
import { followLog } from "../../src/follow/follow.ts";
import type { LogFormatId } from "../../src/follow/formats/ids.ts";
import { logFormatOf } from "../../src/follow/formats/index.ts";
import { openPlaceFile } from "../../src/follow/place-file.ts";
import { createLogTally } from "../../src/follow/tally-log.ts";
import { checkRefusals } from "../../src/refusals/check-refusals.ts";

export interface FollowedFailures {
  readonly counts: Readonly<Record<string, number>>;
  readonly failed: readonly ReportedRefusalInput[];
  readonly delayed: readonly ReportedRefusalInput[];
  readonly unreadable: readonly string[];
}

export async function failuresIn(format: LogFormatId, text: string): Promise<FollowedFailures> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-follow-"));
  const path = join(folder, "log");
  writeFileSync(path, text);
  const { signal } = new AbortController();
  const places = openPlaceFile(folder, path, format);
  const refusals: ReportedRefusalInput[] = [];
  const unreadable: string[] = [];
  const counts = new Map<string, number>();
  try {
    const { chunks } = await beginLog({ path, once: true, from: "start", places, signal, now: Date.now });
    await followLog({
      format: logFormatOf(format),
      places,
      reader: null,
      chunks,
      tally: createLogTally({ saved: undefined, pathPrefix: "b" }),
      count: ({ counts: batch }) => {
        for (const [text, count] of batch) counts.set(text, (counts.get(text) ?? 0) + count);
        return Promise.resolve();
      },
      accept: (some) => {
        refusals.push(...some);
        return Promise.resolve(checkRefusals(some).issues);
      },
      signal,
      onChunk: () => undefined,
      onUnreadable: (line) => unreadable.push(line),
      onWait: (error) => unreadable.push(String(error)),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const failed = refusals.filter(({ action }) => action === "failed");
  return {
    counts: Object.fromEntries(counts),
    failed,
    delayed: refusals.filter(({ action }) => action === "delayed"),
    unreadable,
  };
}
