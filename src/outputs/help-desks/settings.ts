/** The `helpDesks` section of bounced.yaml, docs/help-desks.md. */
import { z } from "zod";
import type { EventKind } from "../../event/event.ts";
import { isCredible } from "../../event/credible.ts";
import { EXPLANATION_LANGUAGES } from "../../explanations/shape.ts";
import { SECRETS } from "../../machine/secrets.ts";
import { eventFilterSchema } from "../event-filter.ts";

const secret = z.string().min(8, "expected the key that the help desk shows").register(SECRETS);
const numeric = z
  .union([z.string().regex(/^\d{1,20}$/, "expected a number"), z.number().int().positive()])
  .transform(String);
const address = z.url({ protocol: /^https?$/, error: "expected an https:// address" });

const NOTED: readonly EventKind[] = ["bounce"];

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected a short name in lower-case letters, digits and hyphens"),
  /** The key of its API, or the file that it is in, which is read for each request. */
  key: secret.optional(),
  keyFile: z.string().min(1).optional(),
  /** Of the notes. */
  language: z.enum(EXPLANATION_LANGUAGES).default("en"),
  /** Default: bounces that are credible. */
  filter: eventFilterSchema
    .refine(({ authenticity }) => authenticity.every((one) => isCredible({ authenticity: one })), {
      path: ["authenticity"],
      error: "expected proven or likely: anybody can write a report that nothing proves",
    })
    .prefault({})
    .transform(({ kind = [...NOTED], ...filter }) => ({ ...filter, kind })),
  /** Tag or label of a conversation with mail that was not delivered. False: none. */
  mark: z
    .union([z.string().regex(/^[\p{L}\p{N}_-]{1,60}$/u, "expected letters, digits, - and _"), z.literal(false)])
    .default("undeliverable"),
  /** Header of the mail that has the number of its conversation, if BOUNCED_KEEP_HEADERS names it. */
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .toLowerCase()
    .optional(),
  /** Where no Message-ID fits: the one conversation of the recipient that has the subject of the mail. */
  bySubject: z.boolean().default(true),
  /** Where these web pages are, for the link in a note: `https://bounced.example.com`. */
  pagesUrl: z.url({ protocol: /^https?$/, error: "expected the address of the web pages" }).optional(),
  /** The help desk may be inside our own network. */
  allowPrivate: z.boolean().default(false),
  requestsPerSecond: z.number().min(0.01).max(100).optional(),
  timeoutMs: z.number().int().min(100).max(120_000).default(20_000),
};
/** Services have one address; programs of one's own each have theirs. */
const service = { ...common, url: address.optional() };
const own = { ...common, url: address };

const deskSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("zammad"), ...own }),
    z.strictObject({ type: z.literal("chatwoot"), ...service, accountId: numeric }),
    z.strictObject({ type: z.literal("freescout"), ...own, userId: numeric }),
    z.strictObject({
      type: z.literal("zendesk"),
      ...own,
      /** Mail address of the agent that the token is used as. */
      user: z.email("expected the mail address of an agent"),
    }),
    z.strictObject({ type: z.literal("intercom"), ...service, adminId: numeric }),
    z.strictObject({
      type: z.literal("front"),
      ...service,
      /** Teammate who comments; default: the API itself. */
      authorId: z
        .string()
        .regex(/^(?:tea_\w+|alt:email:[^\s/?#]+)$/, "expected tea_… or alt:email:…")
        .optional(),
    }),
    /** `key` is the secret of the app. */
    z.strictObject({ type: z.literal("helpscout"), ...service, appId: z.string().min(1) }),
  ])
  .refine((desk) => (desk.key === undefined) !== (desk.keyFile === undefined), {
    error: "expected one of key, keyFile",
  })
  .refine(({ url, allowPrivate }) => url === undefined || url.startsWith("https:") || allowPrivate, {
    path: ["url"],
    error: "expected https://; plain http is for a server in your own network (allowPrivate: true)",
  });
export type HelpDeskSettings = z.infer<typeof deskSchema>;
export type HelpDeskType = HelpDeskSettings["type"];
export type HelpDeskOf<Type extends HelpDeskType> = Extract<HelpDeskSettings, { type: Type }>;

export const helpDesksSchema = z
  .array(deskSchema)
  .default([])
  .refine((desks) => new Set(desks.map(({ id }) => id)).size === desks.length, "two help desks have the same id");
