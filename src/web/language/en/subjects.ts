/** Pages of a recipient, a mail, a domain, a provider, a sending address, a tag, in English. */
import { html, type HtmlValue } from "../../html.ts";
import { speechOf, type Wrap } from "../speech.ts";

const { count, plural } = speechOf("en");

export const ENGLISH_SUBJECTS = {
  domain: "Recipient domain",
  provider: "Provider",
  senderDomain: "Sending domain",
  sendingAddress: "Sending IP address",
  tag: "Tag",
  domains: "Recipient domains",
  providers: "Providers",
  senderDomains: "Sending domains",
  sendingAddresses: "Sending IP addresses",
  tags: "Tags",
  estimated: (share: string) => `Rankings are estimated from the newest ${share} of the period.`,
  domainListed: (time: HtmlValue, actor: string, link: Wrap) =>
    html`The whole domain has been on the suppression list since ${time}, added by ${actor}. ${link("Its history")}`,
  noEvents: "No events in this period",
  noEventsText: (link: Wrap) =>
    html`Nothing credible came back. Choose a longer period, or look at ${link("all events in the log")}.`,
  newest: "Newest events",
  showAllInLog: "Show all in the log",
  showInLog: "Show in the log",
  codesAndRules: "its codes and rules",
  responses: "What servers say",
  responsesHint: (n: number) => `in the newest ${count(n)} bounces and delays`,
  serverResponses: "Server responses",
  serverResponse: "Server response",
  reason: "Reason",
  mail: (id: HtmlValue) => html`Mail ${id}`,
  nothingCameBack: "Nothing came back for this mail",
  nothingCameBackText: "The log has no event whose original message has this Message-ID.",
  from: "From",
  date: "Date",
  notKnown: "not known",
  cameBack: "Came back",
  eventsOfRecipients: (events: number, recipients: number) =>
    `${plural(events, { one: "# event", other: "# events" })} of ${plural(recipients, { one: "# recipient", other: "# recipients" })}:`,
  recipientAt: (domain: HtmlValue) => html`Recipient at ${domain}`,
  showEvent: "Show the event",
  list: "List",
  changedBy: (change: string, actor: string) => `${change} by ${actor}`,
  nothingKnown: "Nothing is known of this address",
  nothingKnownText: "The log has no event of it, and the suppression list has never contained it.",
  timeline: "Everything that happened",
  newestOnly: (n: number) => `the newest ${count(n)} events`,
  moreAlike: (n: number, since: HtmlValue) =>
    html`${plural(n, { one: "# earlier event", other: "# earlier events" })} like this, since ${since}`,
};
