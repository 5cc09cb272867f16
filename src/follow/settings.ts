/** The `follow` section of bounced.yaml: logs of sending mail servers that the role `follow` reads. */
import { z } from "zod";
import { LOG_FORMAT_IDS } from "./formats/ids.ts";

/** In place of the path of a log: systemd's journal. */
export const JOURNAL = "journald";

/** Where a log is begun the first time: with the oldest rotated file, at the start of the file, at its end. */
export const BEGINNINGS = ["oldest", "start", "end"] as const;
export type Beginning = (typeof BEGINNINGS)[number];

const followedLogSchema = z
  .strictObject({
    /** Absolute path of the log, or `journald`. */
    log: z
      .string()
      .refine((log) => log === JOURNAL || log.startsWith("/"), { error: "expected an absolute path, or journald" }),
    format: z.enum(LOG_FORMAT_IDS),
    /** Where to begin the first time. */
    from: z.enum(BEGINNINGS).default("start"),
    /** Units of the journal that the mail server writes as; patterns are allowed. */
    units: z.array(z.string().min(1)).default([]),
  })
  .refine(({ log, units }) => (log === JOURNAL) === units.length > 0, {
    path: ["units"],
    error: "name the units of the mail server for journald, e.g. postfix@-.service, and none for a file",
  });
export type FollowedLog = z.infer<typeof followedLogSchema>;

/** As its position is stored, and as logs and metrics call it. */
export const followedName = ({ log, units }: { readonly log: string; readonly units: readonly string[] }): string =>
  log === JOURNAL ? `${JOURNAL} ${units.join(" ")}` : log;

export const followSchema = z
  .array(followedLogSchema)
  .refine((logs) => new Set(logs.map((log) => `${log.format} ${followedName(log)}`)).size === logs.length, {
    error: "a log is named twice",
  });
