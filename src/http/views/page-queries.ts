/** The addresses that can be saved as a view: those of three pages, as each of them reads its own, and no other. */
import { z } from "zod";
import { countedBy } from "../../event/credible.ts";
import { QueryError, type LogFilter } from "../../store/log/log-query.ts";
import type { CompareQuery } from "../../store/compare/compared.ts";
import { SEND_DIMENSIONS } from "../../store/tallies/sends.ts";
import { notAllowed, type MailSettings } from "../../outputs/view-mail/mail-settings.ts";
import { rollupFor } from "../../store/rollups/source.ts";
import type { SavedView, ViewContent, ViewPage } from "../../store/views/saved-view.ts";
import { filterOf, filterShape, sortShape } from "../query.ts";
import { sendsShape } from "../sends.ts";
import { compareQueryOf, compareSchema } from "./compare-query.ts";

export const RATE_PERIODS = [1, 7, 30] as const;
const { from: _from, to: _to, ...sendsFilter } = sendsShape;
export const ratesQuery = z.object({
  ...sendsFilter,
  days: z.coerce
    .number()
    .pipe(z.union(RATE_PERIODS.map((days) => z.literal(days))))
    .default(7),
  by: z.enum(SEND_DIMENSIONS).optional(),
});

const logQuery = z.strictObject({ ...filterShape, ...sortShape });

const READERS: Readonly<Record<ViewPage, (query: object) => unknown>> = {
  log(query) {
    const { sort: _sort, direction: _direction, ...filter } = parsed(logQuery, query);
    return filterOf(filter);
  },
  rates: (query) => parsed(ratesQuery.strict(), query),
  compare: (query) => compareQueryOf(parsed(compareSchema, query), Date.now()),
};

function parsed<Schema extends z.ZodType>(schema: Schema, query: object): z.infer<Schema> {
  const { data, error } = schema.safeParse(query);
  if (error) {
    const [issue] = error.issues;
    throw new QueryError(`query: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "not valid"}`.slice(0, 300));
  }
  return data;
}

const parametersIn = (query: string): Readonly<Record<string, string>> => {
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = given.get(name);
    if (value.trim() !== "") given.set(name, before === undefined ? value : `${before},${value}`);
  }
  given.delete("cursor");
  given.delete("limit");
  return Object.fromEntries(given);
};

/** The query as it is kept. Throws QueryError where the page would not take it. */
export function viewQueryOf(page: ViewPage, query: string): string {
  const parameters = parametersIn(query);
  READERS[page](parameters);
  return new URLSearchParams(parameters).toString();
}

/** Of a view of the log, as figures count it: without a time, and credible events unless it names others. */
export function viewFilterOf({ query }: Pick<SavedView, "query">): LogFilter {
  const {
    sort: _sort,
    direction: _direction,
    from: _first,
    to: _last,
    ...filter
  } = parsed(logQuery, parametersIn(query));
  return countedBy(filterOf(filter));
}

/** Why the page of a view no longer takes its filter, as after an upgrade; "" where it does. */
export function filterMistake({ page, query }: Pick<SavedView, "page" | "query">): string {
  try {
    viewQueryOf(page, query);
    return "";
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return error.message;
  }
}

/** Throws QueryError where it cannot be saved so. */
export function checkedView(content: ViewContent, mail?: MailSettings): ViewContent {
  const view = { ...content, query: viewQueryOf(content.page, content.query) };
  assertRecipients(mail, view);
  if (view.alert === null) return view;
  if (view.page !== "log") throw new QueryError("alert: only a view of the log can be an alert");
  if (rollupFor(viewFilterOf(view), [], null) === null)
    throw new QueryError(
      "alert: no counts are kept of this filter. Remove parts of a text, or all but one of domain, tag, rule and codes",
    );
  return view;
}

/** Throws QueryError. Nothing is checked where no relay is set: nothing is sent there. */
export function assertRecipients(settings: MailSettings | undefined, { mail }: Pick<ViewContent, "mail">): void {
  const [first] = settings && mail ? notAllowed(settings, mail.to) : [];
  if (first === undefined) return;
  throw new QueryError(
    `mail.to: ${first} is not among mail.recipients of bounced.yaml, nor at the domain of mail.from. Add it there first`,
  );
}

const DAY_MS = 86_400_000;

/** What the mail of a view compares: its own periods, or the last seven whole days with the seven before. */
export function mailedQueryOf({ page, query }: Pick<SavedView, "page" | "query">, now: number): MailedQuery {
  const parameters = parametersIn(query);
  if (page === "compare") return compareQueryOf(parsed(compareSchema, parameters), now);
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const period = { from: today - 7 * DAY_MS, to: today };
  const spans = { period, before: { from: period.from - 7 * DAY_MS, to: period.from } };
  if (page === "log") return { ...spans, filter: viewFilterOf({ query }), by: "severity", sort: "count" };
  const { by = "provider", days: _days, ...named } = parsed(ratesQuery, parameters);
  const values = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]]));
  const filter: LogFilter = { ...Object.fromEntries(values), kind: ["bounce", "complaint"] };
  return { ...spans, filter: countedBy(filter), by, sort: "count" };
}
type MailedQuery = Omit<CompareQuery, "limit" | "budgetMs">;
