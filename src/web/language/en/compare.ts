/** Comparing two periods, in English. */
import type { Compared, CompareSort } from "../../../store/compare/compared.ts";
import type { PeriodChoice } from "../../../store/compare/periods.ts";
import { html, type Html } from "../../html.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("en");

export const ENGLISH_COMPARE = {
  title: "Compare",
  lead: (period: string, before: string) => `${period} against ${before}`,
  form: "Compare two periods",
  choices: "Period, compared with the one before",
  periods: {
    today: "Today",
    yesterday: "Yesterday",
    "this-week": "This week",
    "last-week": "Last week",
    "this-month": "This month",
    "last-month": "Last month",
  } satisfies Record<PeriodChoice, string>,
  by: "Compare by",
  dimensions: {
    severity: "Severity",
    kind: "Kind",
    reason: "Reason",
    fault: "Fault",
    provider: "Provider",
    domain: "Recipient domain",
    tag: "Tag",
    senderDomain: "Sending domain",
    sendingAddress: "Sending IP address",
    rule: "Rule",
    authenticity: "Authenticity",
  } satisfies Record<Compared, string>,
  anyPeriods: "Any two periods",
  dates: {
    from: "From day (UTC)",
    to: "To day (UTC)",
    beforeFrom: "Against, from day",
    beforeTo: "Against, to day",
  },
  button: "Compare",
  order: "Order",
  orders: { grew: "what grew", fell: "what fell", count: "most events" } satisfies Record<CompareSort, string>,
  all: "All",
  events: "Events",
  before: "Before",
  change: "Change",
  ofSends: "Of sends",
  ofSendsBefore: "Before",
  eachStep: { hour: "Each hour", day: "Each day" },
  about: (events: string) => `about ${events}`,
  ofThatMany: (sends: number) => plural(sends, { one: "of # send", other: "of # sends" }),
  isNew: "new",
  byChance: "chance explains it",
  beyondChance: { grew: "grew beyond chance", fell: "fell beyond chance" },
  chart: (name: string, now: string, before: string) => `${name}: ${now}; before: ${before}`,
  atMost: (events: number) => `at most ${count(events)}`,
  notNamed: "not named",
  notRecognised: "not recognised",
  more: "More values than these: a filter, or another order, shows others.",
  notOver: {
    hour: "The period is not over: it is counted to its last whole hour, and the earlier one to the same point.",
    day: "The period is not over: it is counted to its last whole day, and the earlier one to the same point.",
  },
  keptFrom: (time: string) => `The log has no events from before ${time}.`,
  leftOut: (kinds: Html) => html`Not kept for so long, and not counted: ${kinds}.`,
  unequal: (days: string, daysBefore: string) =>
    `The periods are ${days} and ${daysBefore} long: changes are those per day.`,
  days: (days: number) => plural(days, { one: "# day", other: "# days" }),
  nothingBefore: "There is nothing to compare with: the log has nothing of the earlier period.",
  estimated: (share: string, shareBefore: string) =>
    `No counts are kept of this filter with this dimension: figures are estimated from the newest ${share} and ${shareBefore} of the periods.`,
  bySends: "Where sends are known, changes are those of the share of what was sent.",
  notYet: {
    title: "Nothing to count yet",
    hour: "This period has no whole hour yet.",
    day: "Events of this filter are counted by day, and this period has no whole day yet.",
    lastWeek: "Compare last week",
  },
  empty: { title: "No events in both periods", text: "Choose longer periods, or fewer filters." },
};
