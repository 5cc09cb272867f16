/** Is this recipient suppressed, why or why not, and the one click that changes it. */
import type { BouncedEvent } from "../../event/event.ts";
import type { SuppressionSettings } from "../../store/settings.ts";
import { limitsOf } from "../../store/suppressions/policy.ts";
import type { Suppression } from "../../store/suppressions/suppression.ts";
import { html, type Html, type HtmlValue } from "../html.ts";
import { csrfField } from "../layout.ts";
import { link, type View } from "../view.ts";
import { actorWords, timeElement } from "../words.ts";

interface Asked {
  readonly address: string;
  /** That says most of the address; null where the log has none. */
  readonly event: BouncedEvent | null;
  readonly settings: SuppressionSettings;
  /** Path of the page that shows it. */
  readonly back: string;
}

export function suppressionState(view: View, entries: readonly Suppression[], asked: Asked): Html {
  const { event: t, terms } = view.t;
  const { address, back, event, settings } = asked;
  return html`<section class="panel" aria-labelledby="suppression">
    <header>
      <h2 id="suppression">${entries.length > 0 ? t.onList : t.notOnList}</h2>
      ${view.reaches("/suppressions/history") && html`<a href="${link(view, "/suppressions/history", { value: address })}">${t.changes}</a>`}
    </header>
    ${
      entries.length === 0
        ? html`<div class="row spread">
            <p class="reading">${event ? whyNot(view, { event, settings }) : t.noEvent}</p>
            ${view.may("operator") && change(view, { action: "add", value: address, stream: "", back, ...additionFor(view, event) })}
          </div>`
        : entries.map(
            (entry) =>
              html`<div class="row spread">
                <p class="reading">
                  ${entry.scope === "domain" && t.wholeDomain(entry.value)} ${entry.scope === "hash" && t.erasedDigest}
                  ${t.listedSince({
                    cause: terms.cause[entry.cause],
                    since: timeElement(view, entry.createdAt),
                    actor: actorWords(view, entry.actor),
                    until: timeElement(view, entry.expiresAt),
                  })}
                </p>
                ${
                  view.may("operator") &&
                  change(view, {
                    action: "remove",
                    value: entry.value,
                    stream: entry.stream,
                    words: t.removeFromList,
                    back,
                  })
                }
              </div>`,
          )
    }
  </section>`;
}

/** Why this event alone put nobody on the list, in the order in which the policy asks. */
export function whyNot(
  view: View,
  { event, settings }: Pick<Asked, "settings"> & { readonly event: BouncedEvent },
): HtmlValue {
  const { event: t, terms } = view.t;
  const { kind, severity, reason, authenticity, confidence, answer } = event;
  if (kind === "auto_reply" && answer?.until) return t.whyAbsent(view.t.day(answer.until));
  if (kind !== "bounce" && kind !== "complaint") return t.whyKind;
  if (severity === "block") return t.whyBlock;
  if (severity !== "hard" && severity !== "soft" && severity !== "complaint") return t.whyNotBad;
  if (authenticity === "forged") return t.whyForged;
  if (authenticity === "unproven") return t.whyUnproven;
  if (!settings.automatic) return t.whyOff;
  if (confidence < settings.minConfidence)
    return t.whyUncertain(view.t.percent(confidence), view.t.percent(settings.minConfidence));
  const domain = (event.recipient.mailed ?? "").split("@").at(-1) ?? "";
  const limits = limitsOf({ severity, reason, domain }, settings);
  if (limits.when === "never") return t.whyNever(terms.reason[reason]);
  if (limits.when === "count") return t.whyCount(limits.failures, limits.withinDays);
  return t.whyRemoved;
}

interface Change {
  readonly action: "add" | "remove";
  readonly value: string;
  readonly stream: string;
  readonly words: string;
  /** Of an addition: its last day. */
  readonly until?: string;
  /** Where to return. */
  readonly back: string;
}

/** What the button adds: an entry that stays, or one until the end of an absence. */
function additionFor(view: View, event: BouncedEvent | null): Pick<Change, "words" | "until"> {
  const until = event?.answer?.until ?? null;
  if (until === null || Date.parse(until) < view.now) return { words: view.t.event.suppress };
  return { words: view.t.event.suppressUntil(view.t.day(until)), until };
}

const change = (view: View, { action, value, stream, words, until = "", back }: Change): Html =>
  html`<form method="post" action="${link(view, `/suppressions/${action}`)}">
    ${csrfField(view)}<input type="hidden" name="value" value="${value}" /><input
      type="hidden"
      name="stream"
      value="${stream}"
    />${until !== "" && html`<input type="hidden" name="until" value="${until}" />`}<input
      type="hidden"
      name="back"
      value="${back}"
    />
    <button class="small">${words}</button>
  </form>`;
