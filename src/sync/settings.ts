/** The `sync` section of bounced.yaml, docs/sync.md: lists at sending providers that follow ours. */
import { z } from "zod";
import { SECRETS } from "../machine/secrets.ts";
import { CAUSES } from "../store/suppressions/suppression.ts";

const secret = z.string().min(8, "expected the key that the provider shows").register(SECRETS);
/** Read anew for each request, so that it may change. */
const file = z.string().min(1);

const key = { key: secret.optional(), keyFile: file.optional() };
const common = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected a short name in lower-case letters, digits and hyphens")
    .refine((name) => name !== "status" && name !== "run", "`status` and `run` are words of `bounced sync`")
    .optional(),
  /** Where its API is, e.g. in the EU. */
  url: z.url({ protocol: /^https?$/, error: "expected an https:// address" }).optional(),
  /** The API may be inside our own network. */
  allowPrivate: z.boolean().default(false),
  /** Entries of ours that go there. */
  causes: z.array(z.enum(CAUSES)).min(1).optional(),
  /** Entries of this stream; default: those for every stream. */
  stream: z.string().max(200).default(""),
  /** False: their list is compared, and nothing of it comes here. */
  import: z.boolean().default(true),
  /** Removals there in an hour, and in one `bounced sync`, without a confirmation. */
  maxRemovals: z.number().int().min(0).max(1_000_000).default(500),
  /** After the first `bounced sync`, compare again so often; null: only by hand. */
  compareHours: z.number().int().min(1).max(8760).nullable().default(24),
  requestsPerSecond: z.number().min(0.01).max(100).optional(),
  timeoutMs: z.number().int().min(100).max(120_000).default(30_000),
};

export const SENDGRID_LISTS = ["bounces", "blocks", "spam_reports", "unsubscribes", "invalid_emails"] as const;

const targetSchema = z
  .discriminatedUnion("provider", [
    z.strictObject({
      provider: z.literal("ses"),
      ...common,
      region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "expected a region such as eu-central-1"),
      accessKeyId: z.string().min(8),
      key: secret.optional(),
      keyFile: file.optional(),
      sessionToken: secret.optional(),
    }),
    z.strictObject({
      provider: z.literal("sendgrid"),
      ...common,
      ...key,
      /** Whose entries are imported. A block says nothing against a mailbox, so blocks are not, unless they are named. */
      lists: z
        .array(z.enum(SENDGRID_LISTS))
        .min(1)
        .default(["bounces", "spam_reports", "unsubscribes", "invalid_emails"]),
    }),
    z.strictObject({
      provider: z.literal("mailgun"),
      ...common,
      ...key,
      domain: z.string().regex(/^[a-z0-9.-]+$/i, "expected the sending domain"),
    }),
    z.strictObject({
      provider: z.literal("postmark"),
      ...common,
      ...key,
      streams: z
        .array(z.string().regex(/^[a-z0-9-]+$/i, "expected the id of a message stream, e.g. outbound"))
        .min(1)
        .default(["outbound"]),
    }),
    z.strictObject({
      provider: z.literal("sparkpost"),
      ...common,
      ...key,
      subaccount: z.number().int().min(0).optional(),
    }),
    z.strictObject({ provider: z.literal("resend"), ...common, ...key }),
    z.strictObject({
      provider: z.literal("brevo"),
      ...common,
      ...key,
      /** Brevo blocks transactional mail for each sender. */
      senders: z.array(z.email("expected the address that you send from")).min(1),
    }),
  ])
  .refine((target) => (target.key === undefined) !== (target.keyFile === undefined), {
    error: "expected one of key, keyFile",
  })
  .refine(({ url, allowPrivate }) => url === undefined || url.startsWith("https:") || allowPrivate, {
    path: ["url"],
    error: "expected https://; plain http is for a server in your own network (allowPrivate: true)",
  });
export type SyncSettings = z.infer<typeof targetSchema>;
export type SettingsOf<Provider extends SyncSettings["provider"]> = Extract<SyncSettings, { provider: Provider }>;

export const syncName = ({ name, provider }: Pick<SyncSettings, "name" | "provider">): string => name ?? provider;

export const syncSchema = z
  .array(targetSchema)
  .default([])
  .refine(
    (targets) => new Set(targets.map(syncName)).size === targets.length,
    "two targets have the same name: give one of them a `name`",
  );
