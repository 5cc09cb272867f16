/**
 * Three lists of a sending domain at Mailgun: bounces, complaints, unsubscribes. 300 requests a minute.
 * https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/bounces
 */
import { z } from "zod";
import type { SyncItem } from "../../store/sync/sync-item.ts";
import { readSecret, openApi } from "../../outputs/api/calls.ts";
import { ProviderTrouble } from "../../outputs/api/errors.ts";
import { ALL_WELL, type ListClient, type TheirEntry } from "../list-client.ts";
import type { SettingsOf } from "../settings.ts";

const PER_SECOND = 4;
const BATCH = 1000;
const LISTS = ["bounces", "complaints", "unsubscribes"] as const;
type List = (typeof LISTS)[number];

const pageSchema = z.object({
  items: z.array(
    z.object({
      address: z.string(),
      created_at: z.string().nullish(),
      code: z.union([z.string(), z.number()]).nullish(),
      error: z.string().nullish(),
    }),
  ),
  paging: z.object({ next: z.string().nullish() }).nullish(),
});

export function mailgunClient(settings: SettingsOf<"mailgun">): ListClient {
  const api = openApi(settings, {
    base: "https://api.mailgun.net",
    perSecond: PER_SECOND,
    sign: () => ({ authorization: `Basic ${Buffer.from(`api:${readSecret(settings)}`).toString("base64")}` }),
  });
  const pathOf = (list: List): string => `/v3/${encodeURIComponent(settings.domain)}/${list}`;
  return {
    async *list() {
      for (const list of LISTS) {
        let path: string | null = `${pathOf(list)}?limit=${BATCH}`;
        while (path !== null) {
          const page: z.infer<typeof pageSchema> = await api.read(path, pageSchema);
          for (const { address, created_at: at, error, code } of page.items)
            yield { address, at: timeOf(at ?? ""), ...readingOf(list, error || String(code ?? "")), list };
          // The last page is an empty one.
          const next: string | null = page.items.length === 0 ? null : (page.paging?.next ?? null);
          const before: string | null = path;
          path = next === null ? null : pathOfNext(next, pathOf(list));
          if (path === before) throw new ProviderTrouble("Mailgun gave the same page twice");
        }
      }
    },
    addBatch: BATCH,
    async add(items) {
      for (const [list, some] of Map.groupBy(items, listOf))
        await api.call({ method: "POST", path: pathOf(list), body: some.map((item) => rowOf(list, item)) });
      return ALL_WELL;
    },
    removeBatch: 1,
    async remove(items) {
      for (const { value } of items)
        for (const list of LISTS) {
          const path = `${pathOf(list)}/${encodeURIComponent(value)}`;
          const { status, json } = await api.call({ method: "DELETE", path, also: [404] });
          const { message = "" } = (json ?? {}) as { message?: string };
          if (status === 404 && !/address/i.test(message))
            throw new ProviderTrouble("Mailgun does not know the domain: correct domain or url");
        }
      return ALL_WELL;
    },
  };
}

/** Theirs is a whole URL. Only its path and query are followed, and only within the list. */
function pathOfNext(next: string, within: string): string {
  const { pathname, search } = URL.parse(next) ?? { pathname: "", search: "" };
  if (!decodeURIComponent(pathname).startsWith(decodeURIComponent(within)))
    throw new ProviderTrouble("Mailgun's next page is not one of the list");
  return pathname + search;
}

const timeOf = (text: string): number | null => (Number.isNaN(Date.parse(text)) ? null : Date.parse(text));

const listOf = ({ cause, reason }: SyncItem): List =>
  cause !== "complaint" ? "bounces" : reason === "unsubscribe" ? "unsubscribes" : "complaints";

function rowOf(list: List, { value: address, reason }: SyncItem): object {
  if (list === "bounces") return { address, code: "550", error: reason || "suppressed" };
  return list === "complaints" ? { address } : { address, tags: ["*"] };
}

function readingOf(list: List, said: string): Pick<TheirEntry, "cause" | "reason"> {
  if (list === "bounces") return { cause: "import", reason: said || "bounce" };
  return { cause: "complaint", reason: list === "complaints" ? "spam report" : "unsubscribe" };
}
