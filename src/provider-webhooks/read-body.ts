/** Which reader reads what a provider posts. Pure. */
import type { ProviderEvent } from "./provider-event.ts";
import { endpointName, type ProviderEndpoint, type ProviderName } from "./settings.ts";
import { readBrevo } from "./sources/brevo.ts";
import { readCustom } from "./sources/custom.ts";
import { readKumomta } from "./sources/kumomta.ts";
import { readMailgun } from "./sources/mailgun.ts";
import { readMailjet } from "./sources/mailjet.ts";
import { readPostmark } from "./sources/postmark.ts";
import { readResend } from "./sources/resend.ts";
import { readSendgrid } from "./sources/sendgrid.ts";
import { readSes } from "./sources/ses.ts";
import { readSparkpost } from "./sources/sparkpost.ts";

const READERS: Readonly<Record<ProviderName, (body: unknown) => readonly ProviderEvent[]>> = {
  ses: readSes,
  sendgrid: readSendgrid,
  postmark: readPostmark,
  mailgun: readMailgun,
  sparkpost: readSparkpost,
  resend: readResend,
  brevo: readBrevo,
  mailjet: readMailjet,
  kumomta: readKumomta,
};

/** `body`: the JSON that came, without the envelope of whoever carried it. */
export const readBody = (endpoint: ProviderEndpoint, body: unknown): readonly ProviderEvent[] =>
  endpoint.source === "custom"
    ? readCustom(body, endpointName(endpoint), endpoint.map)
    : READERS[endpoint.source](body);
