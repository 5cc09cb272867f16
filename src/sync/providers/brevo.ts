/**
 * Brevo blocks a contact for campaigns (`emailBlacklisted`) and, for each sender, for transactional mail. Most of its API
 * takes 100 requests an hour on small plans: it says so with 429, and then we wait.
 * https://developers.brevo.com/reference/get-transac-blocked-contacts, …/create-contact
 */
import { z } from "zod";
import { readSecret, openApi } from "../../outputs/api/calls.ts";
import { ProviderTrouble } from "../../outputs/api/errors.ts";
import { ALL_WELL, type ListClient, type TheirEntry } from "../list-client.ts";
import type { SettingsOf } from "../settings.ts";

const PAGE = 100;
const PER_SECOND = 5;
const pageSchema = z.object({
  // Left out where there is none.
  contacts: z
    .array(
      z.object({
        email: z.string(),
        blockedAt: z.string().nullish(),
        reason: z.object({ code: z.string(), message: z.string().nullish() }).nullish(),
      }),
    )
    .optional(),
  count: z.number(),
});

export function brevoClient(settings: SettingsOf<"brevo">): ListClient {
  const api = openApi(settings, {
    base: "https://api.brevo.com",
    perSecond: PER_SECOND,
    sign: () => ({ "api-key": readSecret(settings) }),
  });
  return {
    async *list() {
      for (let offset = 0; ; offset += PAGE) {
        const { contacts = [], count } = await api.read(
          `/v3/smtp/blockedContacts?limit=${PAGE}&offset=${offset}&sort=asc`,
          pageSchema,
        );
        for (const { email: address, blockedAt, reason } of contacts) {
          const at = Date.parse(blockedAt ?? "");
          yield {
            address,
            at: Number.isNaN(at) ? null : at,
            ...readingOf(reason?.code ?? ""),
            list: "blocked contacts",
          };
        }
        if (contacts.length === 0 && offset < count) throw new ProviderTrouble("Brevo left out a page of its list");
        if (offset + contacts.length >= count) return;
      }
    },
    addBatch: 1,
    async add(items) {
      for (const { value: email } of items)
        await api.call({
          method: "POST",
          path: "/v3/contacts",
          body: { email, emailBlacklisted: true, smtpBlacklistSender: settings.senders, updateEnabled: true },
        });
      return ALL_WELL;
    },
    removeBatch: 1,
    async remove(items) {
      for (const { value } of items) {
        const address = encodeURIComponent(value);
        const body = { emailBlacklisted: false };
        for (const answer of [
          await api.call({ method: "DELETE", path: `/v3/smtp/blockedContacts/${address}`, also: [404] }),
          await api.call({ method: "PUT", path: `/v3/contacts/${address}`, body, also: [404] }),
        ])
          if (answer.status === 404 && codeOf(answer.json) !== "document_not_found")
            throw new ProviderTrouble("Brevo does not know this API: correct url");
      }
      return ALL_WELL;
    },
  };
}

const codeOf = (json: unknown): unknown => (json as { code?: unknown } | null | undefined)?.code;

function readingOf(code: string): Pick<TheirEntry, "cause" | "reason"> {
  if (/^unsubscribed/i.test(code)) return { cause: "complaint", reason: "unsubscribe" };
  if (/spam/i.test(code)) return { cause: "complaint", reason: "spam report" };
  return { cause: code === "adminBlocked" ? "manual" : "import", reason: code || "blocked" };
}
