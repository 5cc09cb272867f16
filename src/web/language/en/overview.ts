/** The overview, and the charts and rankings that other pages share, in English. */
import { html } from "../../html.ts";
import { speechOf, type Wrap } from "../speech.ts";

const { count, plural } = speechOf("en");

export const ENGLISH_OVERVIEW = {
  lead: (days: number) => `Last ${count(days)} days (UTC)`,
  ratesByProvider: "Rates by provider",
  otherRates: "by tag, domain and sending address",
  reasons: "Reasons",
  findRecipient: "Find a recipient: address, or part of it",
  searchLog: "Search the log",
  emptyTitle: (days: number) => `No returned mail in the last ${count(days)} days`,
  emptyText:
    "Set the return path of your mail to an address of your bounce domain. Returned mail then appears here, classified and explained. The set-up page checks DNS and the listener, and sends a test bounce.",
  goToSetup: "Go to set-up",
  eventsPerDay: "Events per day",
  eventsPerDayBy: "Events per day by",
  bySeverity: "by severity",
  byReason: "by reason",
  chartBySeverity: "Events per day by severity",
  chartByReason: "Events per day by reason",
  others: "Others",
  noneInPeriod: "None in this period.",
  shareOfAll: (share: string) => `${share} of all`,
  eventsOf: (n: number, what: string) => `${plural(n, { one: "# event", other: "# events" })} of ${what}`,
  blockRate: "Block rate by provider",
  blockRateHint: "blocks as a share of its answers",
  noBlocks: "No blocks in this period.",
  blocksOf: (blocks: number, events: number) =>
    `${plural(blocks, { one: "# block", other: "# blocks" })} of ${plural(events, { one: "# event", other: "# events" })}`,
  alert: "alert",
  alerts: "Alerts",
  todayCount: (n: number) => `${count(n)} today`,
  waiting: "Waiting in queues",
  redisDown: "Redis is not reachable",
  waitingOwn: (n: number) => `${count(n)} for bounced`,
  waitingOwnOldest: (n: number, age: string) => `${count(n)} for bounced, oldest ${age}`,
  waitingElsewhere: (n: number) => `${count(n)} for your programs`,
  inQuarantine: (n: number) => `${count(n)} in quarantine`,
  suppressed: "Suppressed",
  newIn: (n: number, days: number) => `${count(n)} new in ${count(days)} days`,
  newPerDay: "New entries per day",
  unmatched: "Unmatched by rules",
  ofRefusals: (n: number) => plural(n, { one: "of # bounce or delay", other: "of # bounces and delays" }),
  whichCounted: "Which events are counted",
  eventsCounted: "Events counted",
  countsCredible: "credible",
  countsAll: "all",
  notCounted: (n: number, link: Wrap) =>
    html`${link(plural(n, { one: "# unproven or forged event", other: "# unproven or forged events" }))} not counted:
    anybody can send such reports, so they change nothing and no figure.`,
  countedToo: (n: number, link: Wrap) =>
    html`The figures include
    ${link(plural(n, { one: "# unproven or forged event", other: "# unproven or forged events" }))}, which anybody can
    have sent.`,
  whatIsCredible: (link: Wrap) => html`Returned mail is credible if it comes to a ${link("signed return path")}.`,
};
