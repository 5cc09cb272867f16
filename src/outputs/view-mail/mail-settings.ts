/** The `mail` section of bounced.yaml, docs/compare.md: the relay that weekly mails go to. Without it none is sent. */
import { z } from "zod";
import { domainOf } from "../../addresses/domain.ts";

const RELAY = "expected the relay as smtp://host:port or smtps://user@host:port";

export const mailSchema = z.strictObject({
  relay: z.url({ protocol: /^smtps?$/, hostname: /./, error: RELAY }),
  /** File with the password of the user that `relay` names. */
  passwordFile: z.string().min(1).optional(),
  /** Of the header; the envelope's sender is always the null reverse-path. */
  from: z.email(),
  /** Addresses and domains that may get one; the domain of `from` where none are named. `*`: all. */
  recipients: z
    .array(z.union([z.literal("*"), z.email(), z.hostname()], { error: "expected a domain, an address or *" }))
    .min(1)
    .optional(),
  /** Where the web pages are, for links. */
  pagesUrl: z.url({ protocol: /^https?$/, error: "expected the address of the web pages" }).optional(),
});
export type MailSettings = z.infer<typeof mailSchema>;

/** Those of `to` that may not get a mail: an operator's view must not send mail to anybody from the relay of the house. */
export function notAllowed({ recipients, from }: MailSettings, to: readonly string[]): readonly string[] {
  const allowed = new Set((recipients ?? [domainOf(from) ?? ""]).map((one) => one.toLowerCase()));
  if (allowed.has("*")) return [];
  return to.filter((address) => ![address, domainOf(address)].some((one) => allowed.has(one?.toLowerCase() ?? "")));
}
