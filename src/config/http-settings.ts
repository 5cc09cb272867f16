/** Section `http` of bounced.yaml. */
import { z } from "zod";

export const httpSettingsSchema = z.strictObject({
  /** Path under which a reverse proxy shows the service, e.g. `/bounced`; requests with and without it are answered. */
  basePath: z
    .string()
    .regex(/^(\/[\w.~-]+)*$/, "expected a path such as /bounced, without a slash at its end")
    .default(""),
  /** Addresses or networks of reverse proxies whose X-Forwarded-* headers are believed. */
  trustProxy: z.array(z.string()).default([]),
  /** Requests per minute and caller; the suppression checks of the send path are not counted. */
  requestsPerMinute: z.number().int().min(1).default(1200),
  /** Connections at a time; a further one is closed at once. */
  maxConnections: z.number().int().min(1).default(1000),
});
export type HttpSettings = z.infer<typeof httpSettingsSchema>;
