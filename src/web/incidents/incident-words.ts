/** An incident as people read it: its headline, its scope in sentences, and the way into the log. */
import { CREDIBLE } from "../../event/credible.ts";
import { EVERYWHERE, type Incident, type ScopeDimension } from "../../store/incidents/incident.ts";
import { html, type Html } from "../html.ts";
import { sliceHref } from "../paths.ts";
import { link, type LinkParameters, type View } from "../view.ts";

export function headlineOf({ t, providerName }: View, incident: Incident): string {
  const { provider, providers, status, count, delayed } = incident;
  const does = 2 * delayed > count ? "delays" : "refuses";
  if (provider === EVERYWHERE) return t.incidents.at.many[does](providers.length, status);
  return provider === ""
    ? t.incidents.at.other[does](status)
    : t.incidents.at.one[does](providerName(provider), status);
}

/** Where each dimension leads; From addresses have no page of their own. */
export const scopeLink = (view: View, dimension: ScopeDimension, value: string): Html =>
  dimension === "sender"
    ? html`<bdi class="break">${value}</bdi>`
    : html`<a class="break" href="${sliceHref(view, dimension, value)}"><bdi>${value}</bdi></a>`;

/** Only what stands out. The domain of a From address that is said already is not said again. */
export function scopeSentences(view: View, { scope, quietAt }: Incident): readonly Html[] {
  const { incidents: words, list } = view.t;
  const said = scope.flatMap(({ dimension, value, extent }) => {
    if (extent === "part") return [];
    const isSaid = scope.some(
      (other) => other.dimension === "sender" && other.extent === extent && other.value.endsWith(`@${value}`),
    );
    return dimension === "senderDomain" && isSaid ? [] : [words[extent][dimension](scopeLink(view, dimension, value))];
  });
  const quiet = quietAt.map(
    (provider) => html`<a href="${sliceHref(view, "provider", provider)}">${view.providerName(provider)}</a>`,
  );
  return quiet.length > 0 ? [...said, words.notAt(list(quiet))] : said;
}

/** Its events in the log: what it counts, and no more. */
export function logParametersOfIncident(
  { reason, provider, startedAt, clearedAt }: Incident,
  period: { readonly from?: string; readonly to?: string } = {},
): LinkParameters {
  return {
    reason,
    provider: provider === EVERYWHERE || provider === "" ? null : provider,
    kind: "bounce,delay",
    authenticity: CREDIBLE.join(","),
    from: period.from ?? `${startedAt.slice(0, 13)}:00:00.000Z`,
    to: period.to ?? clearedAt,
  };
}

export const incidentLogHref = (
  view: View,
  incident: Incident,
  period?: { readonly from?: string; readonly to?: string },
): string => link(view, "/log", logParametersOfIncident(incident, period));

export const addressesKept = ({ recipients }: Incident): number => recipients.count - recipients.suppressed;
