/** What an alert says, in the words that every chat and pager gets. */
import { visibleText } from "../../machine/visible-text.ts";
import { logParametersOf, MEASURE_WORDS, type Alert, type AlertDimension } from "../../store/alerts/alerts.ts";

export interface AlertText {
  /** The same for an alert and for its end. */
  readonly key: string;
  readonly isResolved: boolean;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `Blocks at google` */
  readonly title: string;
  /** Two plain sentences. */
  readonly text: string;
  /** What servers said, most frequent first. Strangers wrote it. */
  readonly quotes: readonly { readonly text: string; readonly count: number }[];
  /** Page that shows the events; null where nobody said where the pages are. */
  readonly link: string | null;
}

const QUOTES = 3;
const QUOTE_CHARS = 300;

/** Of a title, and of what is said below it. */
export const [TITLE_CHARS, TEXT_CHARS] = [150, 2000];
/** Services refuse longer ones. */
const LINK_CHARS = 2000;

const PREPOSITIONS: Readonly<Record<AlertDimension, string>> = {
  provider: "at",
  domain: "at",
  senderDomain: "for mail from",
  sendingAddress: "for mail through",
};

export function alertText(alert: Alert, pagesUrl: string | null): AlertText {
  const { measure, dimension, value, state } = alert;
  const isResolved = state === "resolved";
  const title = `${MEASURE_WORDS[measure]} ${PREPOSITIONS[dimension]} ${value}`;
  return {
    key: `bounced/${measure}/${dimension}/${value}`.slice(0, 255),
    isResolved,
    at: alert.at,
    title: shortened(isResolved ? `Resolved: ${title}` : title, TITLE_CHARS),
    text: shortened(alert.explanation, TEXT_CHARS),
    quotes: quotesOf(alert.texts),
    link: alert.incident
      ? pageLink(pagesUrl, `/incidents/${encodeURIComponent(alert.incident)}`)
      : pageLink(pagesUrl, "/log", logParametersOf(alert)),
  };
}

export const quotesOf = (texts: Alert["texts"]): AlertText["quotes"] =>
  texts.slice(0, QUOTES).map(({ text, count }) => ({ text: shortened(text, QUOTE_CHARS), count }));

/** Null where nobody said where the pages are, or the link is too long. */
export function pageLink(
  pagesUrl: string | null,
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): string | null {
  const query = new URLSearchParams(parameters).toString();
  const link = `${pagesUrl?.replace(/\/$/, "")}${path}${query && `?${query}`}`;
  return pagesUrl === null || link.length > LINK_CHARS ? null : link;
}

/** And without what would hide or turn around the words beside it. */
export function shortened(text: string, most: number): string {
  const seen = visibleText(text);
  return seen.length <= most ? seen : `${seen.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** What `bounced webhooks test` sends: it says that it is none. */
export const sampleAlert = (now: Date): Alert => ({
  schema: "bounced.alert/1",
  id: `a-sample-${now.getTime()}`,
  state: "open",
  at: now.toISOString(),
  from: new Date(now.getTime() - 3_600_000).toISOString(),
  to: now.toISOString(),
  measure: "block",
  dimension: "provider",
  value: "example.org (this is a test)",
  count: 64,
  expected: 1,
  share: 0.8,
  shareBefore: 0.02,
  explanation: "This is a test of the webhook. There is nothing to do.",
  more: 0,
  incident: null,
  texts: [{ text: "550 5.7.1 <ip> is on a list, ticket <number>", count: 64 }],
});
