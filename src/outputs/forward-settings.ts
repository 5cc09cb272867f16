/** The `forward` section of bounced.yaml, docs/forwarding.md. Without it nothing is sent. */
import { z } from "zod";
import { eventFilterSchema } from "./event-filter.ts";

const RELAY = "expected the relay as smtp://host:port or smtps://user:password@host:port";

export const forwardSchema = z.strictObject({
  to: z.union([z.email().transform((address) => [address]), z.array(z.email()).min(1).max(20)]),
  /** Of the header; the envelope's sender is always the null reverse-path. */
  from: z.email(),
  relay: z.url({ protocol: /^smtps?$/, hostname: /./, error: RELAY }),
  filter: eventFilterSchema.prefault({ kind: "bounce" }),
  /** `each`: a mail for each event, as long as `perHour` allows. `digest`: only lists. */
  mode: z.enum(["each", "digest"]).default("each"),
  /** Mails of one event in an hour; what is beyond goes into the next list. */
  perHour: z.number().int().min(1).max(10_000).default(60),
  /** At most one list in this time. */
  digestMinutes: z.number().int().min(1).max(1440).default(60),
});
export type ForwardSettings = z.infer<typeof forwardSchema>;
