/**
 * Suppressions of message streams at Postmark: fifty addresses a request, each with a status of its own. A spam complaint
 * is not removed by anybody but Postmark.
 * https://postmarkapp.com/developer/api/suppressions-api
 */
import { z } from "zod";
import type { SyncItem } from "../../store/sync/sync-item.ts";
import { readSecret, openApi } from "../../outputs/api/calls.ts";
import { ProviderTrouble } from "../../outputs/api/errors.ts";
import type { ListClient, RefusedAddresses } from "../list-client.ts";
import type { SettingsOf } from "../settings.ts";

const BATCH = 50;
const PER_SECOND = 5;
const dumpSchema = z.object({
  Suppressions: z.array(
    z.object({ EmailAddress: z.string(), SuppressionReason: z.string(), CreatedAt: z.string().nullish() }),
  ),
});
const resultSchema = z.object({
  Suppressions: z.array(z.object({ EmailAddress: z.string(), Status: z.string(), Message: z.string().nullish() })),
});

export function postmarkClient(settings: SettingsOf<"postmark">): ListClient {
  const api = openApi(settings, {
    base: "https://api.postmarkapp.com",
    perSecond: PER_SECOND,
    sign: () => ({ "x-postmark-server-token": readSecret(settings) }),
  });
  const pathOf = (stream: string): string => `/message-streams/${stream}/suppressions`;
  const change = async (items: readonly SyncItem[], end: string, isDone: string): Promise<RefusedAddresses> => {
    const refused = new Map<string, string>();
    for (const stream of settings.streams) {
      const body = { Suppressions: items.map(({ value }) => ({ EmailAddress: value })) };
      const { json } = await api.call({ method: "POST", path: pathOf(stream) + end, body });
      const parsed = resultSchema.safeParse(json);
      if (!parsed.success) throw new ProviderTrouble("Postmark did not say what became of each address");
      const said = new Map(parsed.data.Suppressions.map((one) => [one.EmailAddress.toLowerCase(), one]));
      for (const { value } of items) {
        const one = said.get(value.toLowerCase());
        if (one?.Status !== isDone) refused.set(value, one?.Message || `no status for it in stream ${stream}`);
      }
    }
    return refused;
  };
  return {
    async *list() {
      for (const stream of settings.streams) {
        const { Suppressions } = await api.read(`${pathOf(stream)}/dump`, dumpSchema);
        for (const { EmailAddress: address, SuppressionReason: reason, CreatedAt } of Suppressions) {
          const at = Date.parse(CreatedAt ?? "");
          const cause = reason === "SpamComplaint" ? "complaint" : reason === "ManualSuppression" ? "manual" : "import";
          yield { address, at: Number.isNaN(at) ? null : at, cause, reason, list: stream };
        }
      }
    },
    addBatch: BATCH,
    add: (items) => change(items, "", "Suppressed"),
    removeBatch: BATCH,
    remove: (items) => change(items, "/delete", "Deleted"),
  };
}
