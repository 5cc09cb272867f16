/** A hold as chats and pagers say it. */
import type { HoldAlert } from "../../tallies/holds.ts";
import { shortened, type AlertText } from "./alert-text.ts";

export function holdText({ dimension, value, state, at, why }: HoldAlert, pagesUrl: string | null): AlertText {
  const isResolved = state === "cleared";
  const title = `Rate above its line: ${dimension} ${value}`;
  const link = `${pagesUrl?.replace(/\/$/, "")}/rates?${new URLSearchParams({ [dimension]: value, days: "1" }).toString()}`;
  return {
    key: `bounced/hold/${dimension}/${value}`.slice(0, 255),
    isResolved,
    at,
    title: shortened(isResolved ? `Resolved: ${title}` : title, 150),
    text: shortened(isResolved ? `It was: ${why}` : why, 2000),
    quotes: [],
    link: pagesUrl === null || link.length > 2000 ? null : link,
  };
}
