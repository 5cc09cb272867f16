import { z } from "zod";

/** The `durability` section of bounced.yaml. */
export const durabilitySchema = z.strictObject({
  /** Replicas that must have a message before 250 (WAIT). */
  replicas: z.number().int().min(0).max(10).default(0),
  /** `unsafe`: mail is accepted also where Redis cannot make it durable, and is lost when Redis ends. */
  accept: z.enum(["durable", "unsafe"]).default("durable"),
});
export type DurabilitySettings = z.infer<typeof durabilitySchema>;
