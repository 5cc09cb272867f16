/** Every shape of CSV that the list goes out and comes in with. */
import { PROGRAM_SHAPES } from "./programs.ts";
import { PROVIDER_SHAPES } from "./providers.ts";
import type { ListShape } from "./shape.ts";

export const LIST_FORMATS = [
  "bounced",
  "sendgrid",
  "ses",
  "postmark",
  "mailgun",
  "resend",
  "brevo",
  "mailjet",
  "sparkpost",
  "listmonk",
  "mautic",
  "postal",
  "mailchimp",
] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

export const LIST_SHAPES: Readonly<Record<ListFormat, ListShape>> = { ...PROGRAM_SHAPES, ...PROVIDER_SHAPES };
