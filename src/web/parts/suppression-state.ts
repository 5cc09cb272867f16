/** Is this recipient suppressed, why or why not, and the one click that changes it. */
import type { BouncedEvent } from "../../event/event.ts";
import type { SuppressionSettings } from "../../store/settings.ts";
import { limitsOf } from "../../store/suppressions/policy.ts";
import type { Suppression } from "../../store/suppressions/suppression.ts";
import { html, type Html } from "../html.ts";
import { csrfField } from "../layout.ts";
import { link, type View } from "../view.ts";
import { actorWords, plural, timeElement, spellName } from "../words.ts";

interface Asked {
  readonly address: string;
  /** That says most of the address; null where the log has none. */
  readonly event: BouncedEvent | null;
  readonly settings: SuppressionSettings;
  /** Path of the page that shows it. */
  readonly back: string;
}

export function suppressionState(view: View, entries: readonly Suppression[], asked: Asked): Html {
  const { address, back, event, settings } = asked;
  return html`<section class="panel" aria-labelledby="suppression">
    <header>
      <h2 id="suppression">${entries.length > 0 ? "On the suppression list" : "Not on the suppression list"}</h2>
      <a href="${link(view, "/suppressions/history", { value: address })}">Changes of this address</a>
    </header>
    ${
      entries.length === 0
        ? html`<div class="row spread">
            <p class="reading">${event ? whyNot({ event, settings }) : "No event of this address is in the log."}</p>
            ${view.may("operator") && change(view, { action: "add", value: address, stream: "", back, ...additionFor(view, event) })}
          </div>`
        : entries.map(
            (entry) =>
              html`<div class="row spread">
                <p class="reading">
                  ${entry.scope === "domain" && html`The whole domain ${entry.value}: `}
                  ${entry.scope === "hash" && "Erased, and kept suppressed by a digest: "}${spellName(entry.cause)}
                  since ${timeElement(entry.createdAt)}, added by
                  ${actorWords(entry.actor)}${entry.expiresAt && html`, until ${timeElement(entry.expiresAt)}`}.
                </p>
                ${
                  view.may("operator") &&
                  change(view, {
                    action: "remove",
                    value: entry.value,
                    stream: entry.stream,
                    words: "Remove from the list",
                    back,
                  })
                }
              </div>`,
          )
    }
  </section>`;
}

/** Why this event alone put nobody on the list, in the order in which the policy asks. */
export function whyNot({ event, settings }: Pick<Asked, "settings"> & { readonly event: BouncedEvent }): string {
  const { kind, severity, reason, authenticity, confidence, answer } = event;
  if (kind === "auto_reply" && answer?.until)
    return `The reply says that the recipient is absent until ${answer.until}. This adds nothing to the list, unless suppression.absences is “hold” in bounced.yaml.`;
  if (kind !== "bounce" && kind !== "complaint") return "Only bounces and complaints add addresses to the list.";
  if (severity === "block")
    return "Blocks never add an address: the mailbox exists, the server refuses the sender or the mail.";
  if (severity !== "hard" && severity !== "soft" && severity !== "complaint")
    return "This event does not say that the address is bad.";
  if (authenticity === "forged")
    return "Not added, because the report is forged: its return path has a wrong signature. Do not act on it.";
  if (authenticity === "unproven")
    return "Not added, because the report is unproven: it did not come to a return path signed for this recipient, so anybody could have sent it. Sign return paths, and later bounces are added automatically. If you know that the address is bad, suppress it here.";
  if (!settings.automatic)
    return "Not added, because automatic suppression is off (suppression.automatic in bounced.yaml).";
  if (confidence < settings.minConfidence)
    return `Not added, because the classification is not certain enough: ${percent(confidence)}, and the policy asks for ${percent(settings.minConfidence)}.`;
  const domain = (event.recipient.mailed ?? "").split("@").at(-1) ?? "";
  const limits = limitsOf({ severity, reason, domain }, settings);
  if (limits.when === "never")
    return `Not added: the policy never adds addresses for the reason “${spellName(reason)}”.`;
  if (limits.when === "count")
    return `Not added yet: the policy asks for ${plural(limits.failures, "failure")} of different messages within ${plural(limits.withinDays, "day")}.`;
  return "Removed from the list, or expired, since this event. The changes of this address say when.";
}

const percent = (part: number): string => `${Math.round(part * 100)} %`;

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
  if (until === null || Date.parse(until) < view.now) return { words: "Suppress this address" };
  return { words: `Suppress until ${until}`, until };
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
