/** Period and filter of sends as query parameters: the same names in the API and the pages. */
import { z } from "zod";
import { orNothing } from "./list-parameter.ts";
import { filterOf, filterShape, type FilterQuery } from "./query.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;

const value = (what: string) => z.preprocess(orNothing, z.string().trim().max(255).optional()).describe(what);

export const sendsShape = {
  from: filterShape.from,
  to: filterShape.to,
  provider: value("id of a provider"),
  domain: value("recipients' domain"),
  tag: value("your campaign or stream"),
  senderDomain: value("domain that you send from"),
  sendingAddress: value("IP address that you send from"),
} as const;

/** In ms. The last seven days where nothing is said. */
export function sendsPeriodOf(query: Pick<FilterQuery, "from" | "to">, now: number): { from: number; to: number } {
  const { from, to } = filterOf({ from: query.from, to: query.to });
  const end = Math.min(to === undefined ? now : Date.parse(to), now);
  return { from: from === undefined ? end - DEFAULT_DAYS * DAY_MS : Date.parse(from), to: end };
}
