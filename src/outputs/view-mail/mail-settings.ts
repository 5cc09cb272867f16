/** The `mail` section of bounced.yaml, docs/compare.md: the relay that weekly mails go to. Without it none is sent. */
import { z } from "zod";

const RELAY = "expected the relay as smtp://host:port or smtps://user@host:port";

export const mailSchema = z.strictObject({
  relay: z.url({ protocol: /^smtps?$/, hostname: /./, error: RELAY }),
  /** File with the password of the user that `relay` names. */
  passwordFile: z.string().min(1).optional(),
  /** Of the header; the envelope's sender is always the null reverse-path. */
  from: z.email(),
  /** Where the web pages are, for links. */
  pagesUrl: z.url({ protocol: /^https?$/, error: "expected the address of the web pages" }).optional(),
});
export type MailSettings = z.infer<typeof mailSchema>;
