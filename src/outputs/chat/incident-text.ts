/** What an incident says in a chat or on a pager. */
import type { IncidentAlert } from "../../store/alerts/incident-alerts.ts";
import { pageLink, quotesOf, shortened, TEXT_CHARS, TITLE_CHARS, type AlertText } from "./alert-text.ts";

export function incidentText(alert: IncidentAlert, pagesUrl: string | null): AlertText {
  const { incident, state, at, title, explanation, todo, texts } = alert;
  const isResolved = state === "resolved";
  return {
    key: `bounced/incident/${incident}`.slice(0, 255),
    isResolved,
    at,
    title: shortened(isResolved ? `Resolved: ${title}` : title, TITLE_CHARS),
    text: shortened(`${explanation} ${todo}`.trim(), TEXT_CHARS),
    quotes: quotesOf(texts),
    link: pageLink(pagesUrl, `/incidents/${encodeURIComponent(incident)}`),
  };
}
