/** Rates of what was sent, and holds, in English. */
import { html, type HtmlValue } from "../../html.ts";
import { speechOf } from "../speech.ts";

const { count } = speechOf("en");

export const ENGLISH_RATES = {
  bounce: "Bounces",
  hard: "Hard bounces",
  block: "Blocks",
  deferral: "Deferrals",
  complaint: "Complaints",
  sent: "Sent",
  delivered: (n: number) => `${count(n)} delivered`,
  withoutBlocks: (n: number) => `${count(n)}, without blocks`,
  ofAttempts: (n: number) => `${count(n)} of all attempts`,
  aboveLine: (by: string, rate: string) => `above the line of ${by} (${rate})`,
  dimensionProvider: "Provider",
  dimensionDomain: "Recipient domain",
  dimensionTag: "Tag",
  dimensionSenderDomain: "Sending domain",
  dimensionSendingAddress: "Sending address",
  byProvider: "by provider",
  byDomain: "by recipient domain",
  byTag: "by tag",
  bySenderDomain: "by sending domain",
  bySendingAddress: "by sending address",
  notRecognised: "not recognised",
  by: "Rates by",
  hours24: "24 hours",
  notReported: "Your sending systems do not report it.",
  ofSentHours: "Of what was sent in the last 24 hours",
  ofSentDays: (days: number) => `Of what was sent in the last ${count(days)} days`,
  noSends: "No sends are known in this period",
  noSendsText: html`A rate needs what was delivered. Report deliveries too: let bounced follow the log of your mail
    server, choose deliveries in your provider's webhook, or post them to <code>/v1/refusals</code>. Until then the
    overview shows shares of what returned.`,
  eventsInLog: "Events in the log",
  bouncesInLog: "Bounces in the log",
  delays: "Delays",
  cameBack: (name: string) => `What came back: ${name}`,
  codesOfProvider: "Codes of this provider",
  holds: "Rates above their line",
  holdsHint: "a sender that asks for holds stops; bounced holds nothing by itself",
  since: (time: HtmlValue) => html`since ${time}`,
  itsRates: "its rates",
  moreHolds: (n: number) => `and ${count(n)} more: /v1/holds`,
};
