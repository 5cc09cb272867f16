/** The newest alerts, from their queue: shown until its consumer's history forgets them. */
import type { HttpContext } from "../../http/context.ts";
import { logParametersOf, type Alert } from "../../store/alerts/alerts.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { incidentPath } from "../paths.ts";
import { link, type View } from "../view.ts";
import { withPatience } from "../with-patience.ts";
import { timeElement } from "../words.ts";

const SHOWN = 5;
/** Where personal data is masked: what servers said to fewer addresses may name one of them. */
const LEAST = 3;
const AT_MOST_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/** Empty where there is no Redis, or none that answers: the page does without. */
export async function recentAlerts({
  ports,
  now,
  masking,
}: Pick<HttpContext, "masking" | "now" | "ports">): Promise<readonly Alert[]> {
  if (!ports) return [];
  const found = await withPatience(
    ports.queues.get("alert").getJobs(["wait", "active", "completed"], 0, SHOWN - 1),
    [],
  );
  return found
    .map(({ data }) => data as unknown as Alert)
    .filter(({ schema }) => schema === "bounced.alert/1")
    .filter(({ at }) => now() - Date.parse(at) < AT_MOST_AGE_MS)
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, SHOWN)
    .map((alert) => (masking?.isOn() ? { ...alert, texts: alert.texts.filter(({ count }) => count >= LEAST) } : alert));
}

export function alertsPanel(view: View, alerts: readonly Alert[]): Html | null {
  if (alerts.length === 0) return null;
  return html`<section class="panel" aria-labelledby="alerts">
    <header><h2 id="alerts">${view.t.overview.alerts}</h2></header>
    <ol class="steps">
      ${alerts.map(
        (alert) =>
          html`<li>
            <span class="state ${alert.state === "resolved" ? "ok" : "warn"}"
              >${icon(alert.state === "resolved" ? "check" : "warn")}</span
            >
            <div>
              <p lang="en">${alert.explanation}</p>
              <p class="soft small">
                ${timeElement(view, alert.at)} ·
                <a href="${link(view, "/log", logParametersOf(alert))}">${view.t.common.countEvents(alert.count)}</a>
                ${alert.incident && html` · <a href="${link(view, incidentPath(alert.incident))}">${view.t.incidents.itsIncident}</a>`}
                ${alert.texts[0] && html` · “<span class="break">${alert.texts[0].text}</span>”`}
              </p>
            </div>
          </li>`,
      )}
    </ol>
  </section>`;
}
