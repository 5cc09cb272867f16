/** What the alert of a saved view says in a chat or on a pager. */
import type { ViewAlert } from "../../store/alerts/view-alerts.ts";
import { pageLink, shortened, TEXT_CHARS, TITLE_CHARS, type AlertText } from "./alert-text.ts";

export function viewAlertText({ view, state, at, explanation, query }: ViewAlert, pagesUrl: string | null): AlertText {
  const isResolved = state === "resolved";
  return {
    key: `bounced/view/${view.id}`,
    isResolved,
    at,
    title: shortened(isResolved ? `Resolved: ${view.name}` : view.name, TITLE_CHARS),
    text: shortened(explanation, TEXT_CHARS),
    quotes: [],
    link: pageLink(pagesUrl, "/log", Object.fromEntries(new URLSearchParams(query))),
  };
}
