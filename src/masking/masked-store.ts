/**
 * The store as the routes have it where a role sees no personal data: for a request of such a caller what it returns is
 * masked, and it refuses to search by a part of what is masked. Decided here for all routes and pages.
 */
import { isAddress } from "../addresses/is-address.ts";
import { REASONS, type BouncedEvent } from "../event/event.ts";
import type { LogDetail, LogEntry, LogFilter, LogQuery } from "../store/log/log-query.ts";
import { QueryError } from "../store/log/log-query.ts";
import type { Incident, IncidentDetail } from "../store/incidents/incident.ts";
import type { Store } from "../store/store.ts";
import type {
  Suppression,
  SuppressionChange,
  SuppressionFilter,
  Suppressions,
} from "../store/suppressions/suppression.ts";
import { HIDDEN, hideAddresses } from "./hide-addresses.ts";
import { everyText, maskEvent } from "./mask-event.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** One address could be told letter by letter from how many events a part of it finds. */
const PARTS = ["sender", "subject", "diagnostic", "header"] as const;
const SORTED_BY = new Set<string>(["recipient", "sender", "subject"]);
const WHOLE_ID = /^<[^<>\s]+@[^<>\s]+>$/;

export function maskedStore(store: Store, pseudonyms: Pseudonyms): Store {
  const isOn = pseudonyms.isOn;
  const name = (address: string): string => pseudonyms.nameOf(address);
  const eventOf = (event: BouncedEvent): BouncedEvent => ({
    ...maskEvent(event, name),
    id: pseudonyms.maskedId(event.id),
  });
  const entryOf = <Entry extends LogEntry>(entry: Entry): Entry =>
    isOn() ? { ...entry, event: eventOf(entry.event) } : entry;
  const filter = <Filter extends LogFilter>(asked: Filter): Filter => (isOn() ? wholeOnly(asked, pseudonyms) : asked);
  const texts = <Value>(value: Value): Value => everyText(value, (text) => hideAddresses(text, name)) as Value;
  const incident = <Value extends Incident>(one: Value): Value => (isOn() ? texts(fewWords(one)) : one);
  return {
    ...store,
    suppressions: maskedList(store.suppressions, pseudonyms, texts),
    incidents: {
      ...store.incidents,
      async list(query) {
        const page = await store.incidents.list(query);
        return { ...page, incidents: page.incidents.map(incident) };
      },
      open: async () => (await store.incidents.open()).map(incident),
      async get(id) {
        const found = await store.incidents.get(id);
        return found && isOn() ? texts(withoutNotes(fewWords(found))) : found;
      },
    },
    // Names and filters of saved searches are what people typed.
    views: { ...store.views, list: async () => (isOn() ? [] : store.views.list()) },
    async search(query, signal) {
      const page = await store.search(filter(query), signal);
      return { ...page, entries: page.entries.map(entryOf) };
    },
    async get(id) {
      if (!isOn()) return store.get(id);
      // Alerts and mails name the id itself.
      const detail = (await store.get(pseudonyms.idOf(id))) ?? (await store.get(id));
      return detail && maskedDetail(detail, eventOf);
    },
    raw: async (id) => (isOn() ? null : store.raw(id)),
    count: async (asked, atMost, signal) => store.count(filter(asked), atMost, signal),
    facets: async (asked, dimensions, limit, signal) => store.facets(filter(asked), dimensions, limit, signal),
    figures: async (query) => store.figures({ ...query, filter: filter(query.filter) }),
    compare: async (query) => store.compare({ ...query, filter: filter(query.filter) }),
    series: async (query, signal) => store.series(filter(query), signal),
    iterate: (query, signal) =>
      eachOf(
        store.iterate(filter(query), signal),
        isOn() ? (entry) => ({ ...entry, event: eventOf(entry.event) }) : null,
      ),
    feed: (asked, after, signal) => {
      if (isOn()) throw refused("after");
      return store.feed(asked, after, signal);
    },
    reread: (asked, reread, signal) => {
      if (isOn()) throw refused("reclassify");
      return store.reread(asked, reread, signal);
    },
  };
}

async function* eachOf<Value>(
  values: AsyncGenerator<Value, void, undefined>,
  change: ((value: Value) => Value) | null,
): AsyncGenerator<Value, void, undefined> {
  for await (const value of values) yield change ? change(value) : value;
}

const refused = (field: string): QueryError =>
  new QueryError(`${field}: personal data is masked for your role; search by a whole address`);

/** Throws where a part is asked for that would tell what is masked. */
function wholeOnly<Filter extends LogFilter & Pick<LogQuery, "sort">>(
  asked: Filter,
  { addressOf }: Pseudonyms,
): Filter {
  for (const part of PARTS) if (asked[part] !== undefined) throw refused(part);
  if (asked.messageId !== undefined && !WHOLE_ID.test(asked.messageId)) throw refused("messageId");
  if (asked.sort !== undefined && SORTED_BY.has(asked.sort)) throw refused("sort");
  const { recipient, address, ...rest } = asked;
  if (recipient !== undefined && !isAddress(recipient)) throw refused("recipient");
  const named = address?.map(addressOf);
  if (recipient === undefined) return { ...rest, ...(named ? { address: named } : {}) } as unknown as Filter;
  // Both at once find what is in both.
  const whole = addressOf(recipient);
  return {
    ...rest,
    address: named ? named.filter((one) => one === whole) : [whole],
    ...(named && !named.includes(whole) ? { message: [NOTHING] } : {}),
  } as unknown as Filter;
}

/** The digest of no message. */
const NOTHING = "0".repeat(64);

const maskedDetail = (detail: LogDetail, eventOf: (event: BouncedEvent) => BouncedEvent): LogDetail => ({
  ...detail,
  event: eventOf(detail.event),
  hasRaw: false,
  verdicts: detail.verdicts.map((one) => ({ ...one, event: eventOf(one.event) })),
});

/** What servers said to fewer than three addresses may name one of them. */
const fewWords = <Value extends Incident>(one: Value): Value => ({
  ...one,
  texts: one.texts.filter(({ count }) => count >= 3),
});

const withoutNotes = (one: IncidentDetail): IncidentDetail => ({
  ...one,
  entries: one.entries.map((entry) =>
    ["note", "closed", "reopened"].includes(entry.kind) ? { ...entry, text: HIDDEN } : entry,
  ),
});

/** A word of ours; whatever else stands there a person, an import or a program wrote, whichever cause it gives. */
const isOurs = (reason: string): boolean => reason === "" || REASONS.some((one) => one === reason);

function maskedList(list: Suppressions, pseudonyms: Pseudonyms, texts: <Value>(value: Value) => Value): Suppressions {
  const { isOn, addressOf } = pseudonyms;
  const entryOf = <Entry extends Suppression | null>(entry: Entry): Entry =>
    entry && isOn()
      ? texts({
          ...entry,
          eventId: entry.eventId && pseudonyms.maskedId(entry.eventId),
          note: entry.note && HIDDEN,
          reason: isOurs(entry.reason) ? entry.reason : HIDDEN,
        })
      : entry;
  const changeOf = (change: SuppressionChange): SuppressionChange =>
    isOn()
      ? texts({ ...change, note: change.note && HIDDEN, before: entryOf(change.before), after: entryOf(change.after) })
      : change;
  const filter = <Filter extends SuppressionFilter>(asked: Filter): Filter => {
    if (!isOn() || asked.value === undefined || asked.value === "") return asked;
    // A whole address is no part of a longer one's local part alone: `n@example.org` would find `ann@example.org`.
    throw refused("value");
  };
  return {
    ...list,
    async check(addresses, stream) {
      const results = await list.check(addresses.map(addressOf), stream);
      return results.map((result, index) => ({
        ...result,
        address: addresses[index] ?? result.address,
        entry: entryOf(result.entry),
      }));
    },
    find: async (value) => (await list.find(addressOf(value))).map(entryOf),
    async list(query) {
      const page = await list.list(filter(query));
      return { ...page, entries: page.entries.map(entryOf) };
    },
    count: async (asked) => list.count(filter(asked)),
    addedPerDay: async (asked) => list.addedPerDay(filter(asked)),
    iterate: (asked) => {
      if (isOn()) throw refused("export");
      return list.iterate(asked);
    },
    async history(query) {
      const { value } = query;
      const changes = await list.history(value === undefined ? query : { ...query, value: addressOf(value) });
      return changes.map(changeOf);
    },
    changes: async (query) => {
      if (isOn()) throw refused("after");
      return list.changes(query);
    },
  };
}
