/** Section `unsubscribe` of bounced.yaml: where recipients reach the unsubscribe page. */
import { z } from "zod";

const isHttps = (value: string): boolean => {
  const url = URL.parse(value);
  return url?.protocol === "https:" || (url?.protocol === "http:" && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname));
};

export const unsubscribeSchema = z.strictObject({
  /**
   * Address under which `/u/<token>` of the HTTP role is reachable from everywhere. Requests for its host get that page
   * and nothing else.
   */
  url: z
    .string()
    .refine(isHttps, "expected an https address such as https://u.example.com")
    .transform((value) => value.replace(/\/+$/, ""))
    .optional(),
});
export type UnsubscribeSettings = z.infer<typeof unsubscribeSchema>;
