/**
 * The account's suppression list of Amazon SES, API v2. All of its calls but sending are limited to one a second.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListSuppressedDestinations.html
 */
import aws4 from "aws4";
import { z } from "zod";
import { readSecret, openApi, type Sign } from "../../outputs/api/calls.ts";
import { ProviderTrouble } from "../../outputs/api/errors.ts";
import { ALL_WELL, type ListClient } from "../list-client.ts";
import type { SettingsOf } from "../settings.ts";

const PATH = "/v2/email/suppression/addresses";
const PER_SECOND = 1;
const pageSchema = z.object({
  SuppressedDestinationSummaries: z.array(
    z.object({ EmailAddress: z.string(), Reason: z.string(), LastUpdateTime: z.number() }),
  ),
  NextToken: z.string().nullish(),
});

export function sesClient(settings: SettingsOf<"ses">): ListClient {
  const { region } = settings;
  const api = openApi(settings, {
    base: `https://email.${region}.amazonaws.com`,
    perSecond: PER_SECOND,
    sign: signer(settings),
  });
  return {
    async *list() {
      let token: string | null = null;
      do {
        const after: string = token === null ? "" : `&NextToken=${encodeURIComponent(token)}`;
        const page: z.infer<typeof pageSchema> = await api.read(`${PATH}?PageSize=1000${after}`, pageSchema);
        for (const {
          EmailAddress: address,
          Reason: reason,
          LastUpdateTime: seconds,
        } of page.SuppressedDestinationSummaries)
          yield {
            address,
            at: Math.round(seconds * 1000),
            cause: reason === "COMPLAINT" ? "complaint" : "import",
            reason,
            list: "account",
          };
        if (page.NextToken && page.NextToken === token) throw new ProviderTrouble("SES gave the same page twice");
        token = page.NextToken ?? null;
      } while (token !== null);
    },
    addBatch: 1,
    async add(items) {
      for (const { value, cause } of items) {
        const body = { EmailAddress: value, Reason: cause === "complaint" ? "COMPLAINT" : "BOUNCE" };
        await api.call({ method: "PUT", path: PATH, body });
      }
      return ALL_WELL;
    },
    removeBatch: 1,
    async remove(items) {
      for (const { value } of items) {
        const answer = await api.call({
          method: "DELETE",
          path: `${PATH}/${encodeURIComponent(value)}`,
          also: [404],
        });
        if (answer.status === 404 && !/^NotFoundException\b/.test(String(answer.headers["x-amzn-errortype"])))
          throw new ProviderTrouble("SES does not know this API: correct region or url");
      }
      return ALL_WELL;
    },
  };
}

const signer =
  ({ region, accessKeyId, sessionToken, key, keyFile }: SettingsOf<"ses">): Sign =>
  ({ method, url, body }) => {
    const { headers = {} } = aws4.sign(
      {
        service: "ses",
        region,
        method,
        host: url.host,
        path: url.pathname + url.search,
        ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
      },
      { accessKeyId, secretAccessKey: readSecret({ key, keyFile }), ...(sessionToken ? { sessionToken } : {}) },
    );
    // Each is set where the request is made.
    return Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !/^content-length$/i.test(name))
        .map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
  };
