/** The section `follow` of bounced.yaml. */
import { z } from "zod";
import { LOG_FORMAT_IDS } from "./formats/index.ts";

export const BEGINNINGS = ["oldest", "start", "end"] as const;
export type Beginning = (typeof BEGINNINGS)[number];

export const followSchema = z
  .array(
    z.strictObject({
      /** Path of the log; rotated files are found beside it. */
      log: z.string().min(1),
      format: z.enum(LOG_FORMAT_IDS),
      /** Where it is begun the first time: with the oldest rotated file, at the start of the file, at its end. */
      from: z.enum(BEGINNINGS).default("start"),
    }),
  )
  .max(20);
export type FollowSettings = z.infer<typeof followSchema>[number];
