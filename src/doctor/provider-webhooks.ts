import { endpointName, type ProviderEndpoint } from "../provider-webhooks/settings.ts";
import { ok, warn, type Check, type Finding } from "./check.ts";

/** Each provider that signs its requests has its key here: without it, whoever learns the address reports for it. */
export const checkProviderWebhooks: Check = async ({ config }) => config.file.providerWebhooks.map(checkSigned);

/** The setting of the key; null where the provider has no signature, or it needs none. */
function missingKey(endpoint: ProviderEndpoint): string | null {
  switch (endpoint.source) {
    case "sendgrid":
      return endpoint.publicKey === undefined ? "publicKey" : null;
    case "mailgun":
      return endpoint.signingKey === undefined ? "signingKey" : null;
    case "resend":
      return endpoint.signingSecret === undefined ? "signingSecret" : null;
    default:
      return null;
  }
}

function checkSigned(endpoint: ProviderEndpoint): Finding {
  const name = endpointName(endpoint);
  const id = `provider-webhook ${name}`;
  const key = missingKey(endpoint);
  return key === null
    ? ok(id, `the address /in/${name}/<secret> takes events`)
    : warn(
        id,
        "its signature is not checked: whoever learns the address can report failures",
        `set ${key} in bounced.yaml (docs/provider-webhooks.md)`,
      );
}
