/** How far a log has been read, what its lines have said so far of mail in the queue, and what they counted. One file for each log. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { LogFormatId } from "./formats/ids.ts";

const placeSchema = z.object({
  v: z.literal(1),
  log: z.string(),
  format: z.string(),
  place: z.object({
    head: z.object({ octets: z.number().int().min(1).max(1024), sha256: z.string() }).nullable(),
    offset: z.number().int().min(0),
    cursor: z.string().min(1).optional(),
  }),
  reader: z.unknown(),
  tally: z
    .object({
      source: z.string().min(1).max(100),
      number: z.number().int().min(0),
      counts: z.array(z.tuple([z.string(), z.number().int().min(1)])),
    })
    .optional(),
});
/** `tally`: the last batch of counts. It may have been handed over, or not. */
export type SavedPlace = Pick<z.infer<typeof placeSchema>, "place" | "reader" | "tally">;

export interface PlaceFile {
  /** `damaged`: there is one, and it cannot be read. The log is then read again: what was reported before counts once. */
  read(): SavedPlace | "damaged" | null;
  /** In place of what was there, and on disk when it resolves. */
  write(saved: SavedPlace): Promise<void>;
}

/** `log`: path of the log, as it is configured. */
export function openPlaceFile(dataDir: string, log: string, format: LogFormatId): PlaceFile {
  const name = createHash("sha256").update(`${format}\n${log}`).digest("hex").slice(0, 16);
  const path = join(dataDir, "follow", `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  return {
    read() {
      let text: string;
      try {
        text = readFileSync(path, "utf8");
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ENOENT" ? null : "damaged";
      }
      try {
        return placeSchema.parse(JSON.parse(text));
      } catch {
        return "damaged";
      }
    },
    async write(saved) {
      const fresh = `${path}.${process.pid}`;
      await mkdir(dirname(path), { recursive: true });
      const file = await open(fresh, "w", 0o600);
      try {
        await file.writeFile(JSON.stringify({ v: 1, log, format, ...saved }));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(fresh, path);
    },
  };
}
