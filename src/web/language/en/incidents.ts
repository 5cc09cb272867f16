/** The pages of incidents, in English. */
import type { ScopeDimension } from "../../../store/incidents/incident.ts";
import { html, type HtmlValue } from "../../html.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("en");
const withCode = (words: string, status: string | null): string =>
  status === null ? words : `${words} with ${status}`;

export const ENGLISH_INCIDENTS = {
  title: "Incidents",
  lead: "Failures with one cause that rose beyond chance, at one provider or at many. Only credible events count.",
  filter: "Which incidents",
  all: "All",
  open: "Open",
  cleared: "Cleared",
  older: "Older",
  none: "No incidents",
  noneOpen: "No open incidents",
  noneText:
    "Every five minutes the failures of the last hour are compared with the week before. Where they rise beyond chance, an incident is listed here, with its cause, its scope and what to do.",
  openNow: "Open incidents",
  showAll: "All incidents",
  /** Beside an alert. */
  itsIncident: "its incident",
  at: {
    one: {
      refuses: (name: string, status: string | null) => withCode(`${name} refuses mail`, status),
      delays: (name: string, status: string | null) => withCode(`${name} delays mail`, status),
    },
    many: {
      refuses: (providers: number, status: string | null) =>
        withCode(`${count(providers)} providers refuse mail`, status),
      delays: (providers: number, status: string | null) =>
        withCode(`${count(providers)} providers delay mail`, status),
    },
    other: {
      refuses: (status: string | null) => withCode("Servers of no known provider refuse mail", status),
      delays: (status: string | null) => withCode("Servers of no known provider delay mail", status),
    },
  },
  since: (time: HtmlValue) => html`Since ${time}`,
  between: (from: HtmlValue, to: HtmlValue) => html`From ${from}, cleared at ${to}`,
  only: {
    tag: (value: HtmlValue) => html`Only mail with the tag ${value}.`,
    senderDomain: (value: HtmlValue) => html`Only mail from ${value}.`,
    sender: (value: HtmlValue) => html`Only mail From ${value}.`,
    sendingAddress: (value: HtmlValue) => html`Only mail sent through ${value}.`,
    domain: (value: HtmlValue) => html`Only mail to addresses at ${value}.`,
  } satisfies Record<ScopeDimension, unknown>,
  mostly: {
    tag: (value: HtmlValue) => html`Mostly mail with the tag ${value}.`,
    senderDomain: (value: HtmlValue) => html`Mostly mail from ${value}.`,
    sender: (value: HtmlValue) => html`Mostly mail From ${value}.`,
    sendingAddress: (value: HtmlValue) => html`Mostly mail sent through ${value}.`,
    domain: (value: HtmlValue) => html`Mostly mail to addresses at ${value}.`,
  } satisfies Record<ScopeDimension, unknown>,
  notAt: (providers: HtmlValue) => html`Nothing at ${providers}.`,
  events: (events: number) => plural(events, { one: "# event", other: "# events" }),
  eventsName: "Events",
  provenShare: (share: string) => `${share} proven`,
  addressesName: "Addresses",
  notSuppressed: (addresses: number) => plural(addresses, { one: "# not suppressed", other: "# not suppressed" }),
  addressesNotSuppressed: (addresses: number) =>
    plural(addresses, { one: "# address not suppressed", other: "# addresses not suppressed" }),
  atLeast: (number: string) => `at least ${number}`,
  rateName: "Failure rate",
  rateOf: (failed: number, sent: number) => `${count(failed)} of ${count(sent)} when it was found`,
  rateBefore: (rate: string) => `${rate} before`,
  usualName: "Usual",
  usual: (perHour: string) => `${perHour} an hour`,
  showInLog: "Show in the log",
  whatToDo: "What to do",
  usualCause: "Usual cause",
  providersMistake:
    "Other providers accept the same mail, so look for an outage at this provider before you remove addresses. Stop sending there, and undo what was suppressed since it began.",
  changedSince: "Changes of the list",
  chart: "Failures per hour",
  chartOf: (hours: number) => plural(hours, { one: "each bar is # hour (UTC)", other: "each bar is # hours (UTC)" }),
  opened: "Opened",
  scope: "What they have in common",
  scopeNote: "Share of the incident beside the share of all mail in the same hours.",
  scopeNone: "Nothing: no tag, sender or domain stands out.",
  what: "What",
  ofIncident: "Of the incident",
  ofMail: "Of all mail",
  unknownShare: "not known",
  extent: { only: "only", mostly: "mostly" },
  dimension: {
    tag: "Tag",
    senderDomain: "Sending domain",
    sender: "From",
    sendingAddress: "Sending IP address",
    domain: "Recipient domain",
  } satisfies Record<ScopeDimension, string>,
  providers: "Providers",
  statuses: "Status codes",
  texts: "What servers say",
  textsNote: "Addresses, hosts and ids are masked. Counts are of a sample.",
  history: "History and notes",
  entry: {
    opened: "Opened: failures rose beyond chance",
    reopened: "Reopened: the failures are back",
    cleared: {
      quiet: "Cleared: failures are usual again",
      silent: "Cleared: too little mail for a day to know more",
      usual: "Cleared after 30 days: it is what is usual now",
    },
    byHand: { closed: "Closed by hand", reopened: "Reopened by hand" },
    merged: (other: HtmlValue) => html`Became part of ${other}`,
  },
  otherIncident: "another incident",
  noteLabel: "Note",
  noteHint: "What was done, and by whom. Everybody who may sign in reads it.",
  addNote: "Add note",
  close: "Close incident",
  reopen: "Reopen incident",
  moveHint: {
    close: "Closing resolves its alert. The same failures do not open it again for a day, however many they are.",
    reopen: "It is cleared again when its failures are over.",
  },
  done: {
    noted: "The note was added.",
    full: "This incident has as many notes as it can have.",
    closed: "The incident is closed.",
    reopened: "The incident is open again.",
    already: "It is in that state already.",
    taken: "Another incident with this cause is open.",
    old: "It began more than 30 days ago, so it stays cleared.",
  },
};
