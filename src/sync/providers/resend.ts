/**
 * Resend's suppressions, which its API offers since 2026. Two requests a second.
 * https://resend.com/docs/api-reference/suppressions/list-suppressions
 */
import { z } from "zod";
import { readSecret, openApi } from "../../outputs/api/calls.ts";
import { ProviderTrouble } from "../../outputs/api/errors.ts";
import { ALL_WELL, type ListClient } from "../list-client.ts";
import type { SettingsOf } from "../settings.ts";

const BATCH = 100;
const PER_SECOND = 2;
const pageSchema = z.object({
  object: z.literal("list"),
  has_more: z.boolean(),
  data: z.array(z.object({ id: z.string(), email: z.string(), origin: z.string(), created_at: z.string().nullish() })),
});

export function resendClient(settings: SettingsOf<"resend">): ListClient {
  const api = openApi(settings, {
    base: "https://api.resend.com",
    perSecond: PER_SECOND,
    sign: () => ({ authorization: `Bearer ${readSecret(settings)}` }),
  });
  return {
    async *list() {
      let last: string | null = null;
      for (;;) {
        const after: string = last === null ? "" : `&after=${encodeURIComponent(last)}`;
        const page: z.infer<typeof pageSchema> = await api.read(`/suppressions?limit=${BATCH}${after}`, pageSchema);
        for (const { email: address, origin, created_at } of page.data) {
          const at = Date.parse(created_at ?? "");
          const cause = origin === "complaint" || origin === "manual" ? origin : "import";
          yield { address, at: Number.isNaN(at) ? null : at, cause, reason: origin, list: "suppressions" };
        }
        if (!page.has_more) return;
        const next: string | null = page.data.at(-1)?.id ?? null;
        if (next === null || next === last) throw new ProviderTrouble("Resend gave the same page twice");
        last = next;
      }
    },
    addBatch: BATCH,
    async add(items) {
      await api.call({
        method: "POST",
        path: "/suppressions/batch/add",
        body: { emails: items.map(({ value }) => value) },
      });
      return ALL_WELL;
    },
    removeBatch: BATCH,
    async remove(items) {
      await api.call({
        method: "POST",
        path: "/suppressions/batch/remove",
        body: { emails: items.map(({ value }) => value) },
      });
      return ALL_WELL;
    },
  };
}
