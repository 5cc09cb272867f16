/** The client of each provider. */
import type { ListClient } from "../list-client.ts";
import type { SyncSettings } from "../settings.ts";
import { brevoClient } from "./brevo.ts";
import { mailgunClient } from "./mailgun.ts";
import { postmarkClient } from "./postmark.ts";
import { resendClient } from "./resend.ts";
import { sendgridClient } from "./sendgrid.ts";
import { sesClient } from "./ses.ts";
import { sparkpostClient } from "./sparkpost.ts";

export function openList(settings: SyncSettings): ListClient {
  switch (settings.provider) {
    case "ses":
      return sesClient(settings);
    case "sendgrid":
      return sendgridClient(settings);
    case "mailgun":
      return mailgunClient(settings);
    case "postmark":
      return postmarkClient(settings);
    case "sparkpost":
      return sparkpostClient(settings);
    case "resend":
      return resendClient(settings);
    case "brevo":
      return brevoClient(settings);
    default:
      return settings satisfies never;
  }
}

export const PROVIDER_NAMES: Readonly<Record<SyncSettings["provider"], string>> = {
  ses: "Amazon SES",
  sendgrid: "SendGrid",
  mailgun: "Mailgun",
  postmark: "Postmark",
  sparkpost: "SparkPost",
  resend: "Resend",
  brevo: "Brevo",
};
