/** A hold as chats and pagers say it. */
import type { HoldAlert } from "../../tallies/holds.ts";
import { pageLink, shortened, TEXT_CHARS, TITLE_CHARS, type AlertText } from "./alert-text.ts";

export function holdText({ dimension, value, state, at, why }: HoldAlert, pagesUrl: string | null): AlertText {
  const isResolved = state === "cleared";
  const title = `Rate above its line: ${dimension} ${value}`;
  return {
    key: `bounced/hold/${dimension}/${value}`.slice(0, 255),
    isResolved,
    at,
    title: shortened(isResolved ? `Resolved: ${title}` : title, TITLE_CHARS),
    text: shortened(isResolved ? `It was: ${why}` : why, TEXT_CHARS),
    quotes: [],
    link: pageLink(pagesUrl, "/rates", { [dimension]: value, days: "1" }),
  };
}
