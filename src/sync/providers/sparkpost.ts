/**
 * SparkPost's suppression list: an entry stops one of two types of mail, so each address has two.
 * https://developers.sparkpost.com/api/suppression-list/
 */
import { z } from "zod";
import { readSecret, openApi } from "../../outputs/api/calls.ts";
import { ProviderTrouble } from "../../outputs/api/errors.ts";
import type { ListClient, RefusedAddresses, TheirEntry } from "../list-client.ts";
import type { SettingsOf } from "../settings.ts";

const PATH = "/api/v1/suppression-list";
const PER_SECOND = 5;
const BATCH = 5000;
const pageSchema = z.object({
  results: z.array(
    z.object({
      recipient: z.string(),
      source: z.string().nullish(),
      description: z.string().nullish(),
      created: z.string().nullish(),
      updated: z.string().nullish(),
    }),
  ),
  links: z.array(z.object({ href: z.string(), rel: z.string() })).nullish(),
});

export function sparkpostClient(settings: SettingsOf<"sparkpost">): ListClient {
  const { subaccount } = settings;
  const api = openApi(settings, {
    base: "https://api.sparkpost.com",
    perSecond: PER_SECOND,
    sign: () => ({
      authorization: readSecret(settings),
      ...(subaccount === undefined ? {} : { "x-msys-subaccount": String(subaccount) }),
    }),
  });
  return {
    async *list() {
      let cursor: string | null = "initial";
      while (cursor !== null) {
        const path: string = `${PATH}?cursor=${encodeURIComponent(cursor)}&per_page=${BATCH}`;
        const { results, links }: z.infer<typeof pageSchema> = await api.read(path, pageSchema);
        for (const { recipient: address, source, description, created, updated } of results) {
          const at = Date.parse(updated || created || "");
          yield {
            address,
            at: Number.isNaN(at) ? null : at,
            ...readingOf(source ?? "", description ?? ""),
            list: "suppression list",
          };
        }
        // Their address is not followed, only the place it names.
        const next: string | undefined = links?.find(({ rel }) => rel === "next")?.href;
        const after: string | null = next ? new URL(next, "https://next.invalid").searchParams.get("cursor") : null;
        if (after === cursor) throw new ProviderTrouble("SparkPost gave the same page twice");
        cursor = results.length === 0 ? null : after;
      }
    },
    addBatch: BATCH,
    async add(items) {
      const recipients = items.flatMap(({ value: recipient, cause, reason }) =>
        ["transactional", "non_transactional"].map((type) => ({
          recipient,
          type,
          description: `bounced: ${cause} ${reason}`.trim(),
        })),
      );
      await api.call({ method: "PUT", path: PATH, body: { recipients } });
      return new Map();
    },
    removeBatch: 1,
    async remove(items) {
      const refused = new Map<string, string>();
      for (const { value } of items) {
        const path = `${PATH}/${encodeURIComponent(value)}`;
        const { status, json } = await api.call({ method: "DELETE", path, also: [403, 404] });
        if (status !== 204 && status !== 200 && !(json as { errors?: unknown } | undefined)?.errors)
          throw new ProviderTrouble(`SparkPost answered ${status}`);
        // A key without the permission gets the same status, and no word about the entry.
        if (status === 403) {
          const said = JSON.stringify((json as { errors: unknown }).errors);
          if (/forbidden|unauthori[sz]ed|permission/i.test(said))
            throw new ProviderTrouble("SparkPost does not accept the key (403)");
          refused.set(value, `403 ${said}`);
        }
      }
      return refused satisfies RefusedAddresses;
    },
  };
}

function readingOf(source: string, description: string): Pick<TheirEntry, "cause" | "reason"> {
  if (/spam complaint/i.test(source)) return { cause: "complaint", reason: "spam report" };
  if (/unsubscribe/i.test(source)) return { cause: "complaint", reason: "unsubscribe" };
  if (/manually/i.test(source)) return { cause: "manual", reason: description };
  return { cause: "import", reason: description || source || "bounce" };
}
