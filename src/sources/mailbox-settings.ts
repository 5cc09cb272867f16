/** The `mailboxes` section of bounced.yaml: IMAP mailboxes that bounces come to. */
import { z } from "zod";
import { SECRETS } from "../machine/secrets.ts";

const CREDENTIALS = ["password", "passwordFile", "accessToken", "accessTokenFile"] as const;

export const mailboxSchema = z
  .strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).default(993),
    /** `implicit`: from the first octet. `none`: only to a server on this machine. */
    tls: z.enum(["implicit", "starttls", "none"]).default("implicit"),
    /** PEM certificate of the server, where no public authority signed it. */
    caFile: z.string().optional(),
    user: z.string().min(1),
    password: z.string().optional().register(SECRETS),
    /** Read anew at each login, so that it may change. */
    passwordFile: z.string().optional(),
    /** OAuth2 (XOAUTH2, OAUTHBEARER). Tokens live an hour or so: a file that something else refreshes is better. */
    accessToken: z.string().optional().register(SECRETS),
    accessTokenFile: z.string().optional(),
    folder: z.string().min(1).default("INBOX"),
    /** What becomes of a message once it is durable. */
    after: z.enum(["seen", "keep", "move", "delete"]).default("seen"),
    moveTo: z.string().min(1).default("Bounced"),
    /** How often to look where the server does not say that there is new mail. */
    pollSeconds: z.number().int().min(1).max(86_400).default(60),
  })
  .refine((mailbox) => CREDENTIALS.filter((name) => mailbox[name] !== undefined).length === 1, {
    message: `expected one of ${CREDENTIALS.join(", ")}`,
  })
  .refine(({ tls, host }) => tls !== "none" || /^(?:localhost|127\.|::1$)/.test(host), {
    message: "without TLS only a server on this machine may be used: the password would be there for all to read",
  });
export type MailboxSettings = z.infer<typeof mailboxSchema>;

export const mailboxesSchema = z.array(mailboxSchema);
