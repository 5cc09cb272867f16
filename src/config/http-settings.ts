/** Section `http` of bounced.yaml. */
import { z } from "zod";
import { isSafePlace } from "../oidc/settings.ts";

export const httpSettingsSchema = z.strictObject({
  /** Path under which a reverse proxy shows the service, e.g. `/bounced`; requests with and without it are answered. */
  basePath: z
    .string()
    .regex(/^(\/[\w.~-]+)*$/, "expected a path such as /bounced, without a slash at its end")
    .default(""),
  /** Where browsers reach the service, without `basePath`: https://bounces.example.com. */
  publicUrl: z
    .url("expected an address such as https://bounces.example.com")
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && isSafePlace(url) && `${url.origin}/` === url.href;
    }, "expected https:// and a host, without a path (that is basePath); plain http is for this machine alone")
    .transform((text) => new URL(text).origin)
    .optional(),
  /** Addresses or networks of reverse proxies whose X-Forwarded-* headers are believed. */
  trustProxy: z.array(z.string()).default([]),
  /** Requests per minute and caller; the suppression checks of the send path are not counted. */
  requestsPerMinute: z.number().int().min(1).default(1200),
  /** Connections at a time; a further one is closed at once. */
  maxConnections: z.number().int().min(1).default(1000),
});
export type HttpSettings = z.infer<typeof httpSettingsSchema>;
