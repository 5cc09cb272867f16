/**
 * SendGrid keeps a list for each reason. Only unsubscribes can be added, so all of ours are added there; an address is
 * removed from every list. 600 requests a minute.
 * https://www.twilio.com/docs/sendgrid/api-reference/bounces-api, …/suppressions-global-suppressions
 */
import { z } from "zod";
import { readSecret, openApi } from "../../outputs/api/calls.ts";
import { ProviderTrouble } from "../../outputs/api/errors.ts";
import { ALL_WELL, type ListClient, type TheirEntry } from "../list-client.ts";
import { SENDGRID_LISTS, type SettingsOf } from "../settings.ts";

const PAGE = 500;
const PER_SECOND = 8;
const pageSchema = z.array(z.object({ email: z.string(), created: z.number(), reason: z.string().nullish() }));

export function sendgridClient(settings: SettingsOf<"sendgrid">): ListClient {
  const api = openApi(settings, {
    base: "https://api.sendgrid.com",
    perSecond: PER_SECOND,
    sign: () => ({ authorization: `Bearer ${readSecret(settings)}` }),
  });
  return {
    async *list() {
      for (const list of settings.lists)
        for (let offset = 0; ; offset += PAGE) {
          const page = await api.read(`/v3/suppression/${list}?limit=${PAGE}&offset=${offset}`, pageSchema);
          for (const entry of page)
            yield { address: entry.email, at: entry.created * 1000, ...readingOf(list, entry.reason ?? ""), list };
          if (page.length < PAGE) break;
        }
    },
    addBatch: PAGE,
    async add(items) {
      const body = { recipient_emails: items.map(({ value }) => value) };
      await api.call({ method: "POST", path: "/v3/asm/suppressions/global", body });
      return ALL_WELL;
    },
    removeBatch: 1,
    async remove(items) {
      for (const { value } of items) {
        const address = encodeURIComponent(value);
        for (const list of SENDGRID_LISTS) {
          const path =
            list === "unsubscribes" ? `/v3/asm/suppressions/global/${address}` : `/v3/suppression/${list}/${address}`;
          const { status, json } = await api.call({ method: "DELETE", path, also: [404] });
          // An address that is not there is an error with words; a path that is not there has none.
          if (status === 404 && !(json as { errors?: unknown } | null | undefined)?.errors)
            throw new ProviderTrouble("SendGrid does not know this API: correct url");
        }
      }
      return ALL_WELL;
    },
  };
}

function readingOf(list: SettingsOf<"sendgrid">["lists"][number], said: string): Pick<TheirEntry, "cause" | "reason"> {
  if (list === "spam_reports") return { cause: "complaint", reason: "spam report" };
  if (list === "unsubscribes") return { cause: "complaint", reason: "unsubscribe" };
  return { cause: "import", reason: said || list };
}
