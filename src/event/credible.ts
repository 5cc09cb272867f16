/** The one answer to "may this event change anything?". Every reader of events and every query over the log asks here. */
import type { Advice, Authenticity, BouncedEvent } from "./event.ts";

/** What nothing proves is shown and counted as such, and changes nothing. */
export const CREDIBLE = ["proven", "likely"] as const satisfies readonly Authenticity[];

/**
 * The filter of a figure: only what is credible, unless it asks for an authenticity itself. What anybody can write would
 * make any figure say anything.
 */
export function countedBy<Filter extends { readonly authenticity?: readonly Authenticity[] | undefined }>(
  filter: Filter,
): Filter & { readonly authenticity: readonly Authenticity[] } {
  const { authenticity = [] } = filter;
  return { ...filter, authenticity: authenticity.length > 0 ? authenticity : CREDIBLE };
}

/** Whether the event is about mail that we sent to `recipient.mailed`, as far as a stranger could not make it up. */
export const isCredible = ({ authenticity }: Pick<BouncedEvent, "authenticity">): boolean =>
  (CREDIBLE as readonly Authenticity[]).includes(authenticity);

/** Only what is credible may ask for a suppression. */
export const credibleAdvice = (advice: Advice, authenticity: Authenticity): Advice =>
  advice === "suppress" && !isCredible({ authenticity }) ? "investigate" : advice;
