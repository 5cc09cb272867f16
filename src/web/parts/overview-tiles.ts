/** The figures of the overview. Each leads to what it counts. */
import type { QueueState } from "../../queues/upkeep/overview.ts";
import type { Count, SeriesPoint } from "../../store/log/log-query.ts";
import type { AddedOnDay } from "../../store/suppressions/suppression.ts";
import { sparkBars } from "../charts/spark-bars.ts";
import { html, type Html, type HtmlValue } from "../html.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { formatAge, formatCount, SEVERITY_ORDER, SEVERITY_WORDS, severityClass, severityDot } from "../words.ts";

interface Tile {
  readonly name: HtmlValue;
  readonly figure: HtmlValue;
  /** null: it leads nowhere that the reader may go. */
  readonly href: string | null;
  readonly below: HtmlValue;
  readonly className?: string;
}

export const tile = ({ name, figure, href, below, className }: Tile): Html => {
  const head = html`<span class="name">${name}</span><span class="figure">${figure}</span>`;
  return html`<div class="panel tile ${className}">
    ${href === null ? head : html`<a href="${href}">${head}</a>`}
    <span class="delta">${below}</span>
  </div>`;
};

/** Of all days, and of the last of them. `counted`: what a link to the log says of which events count. */
export function severityTiles(
  view: View,
  severities: readonly Count[],
  points: readonly SeriesPoint[],
  days: readonly string[],
  counted: LinkParameters,
): Html {
  const [from = "", today = ""] = [days[0], days.at(-1)];
  return html`<div class="tiles">
    ${SEVERITY_ORDER.map((severity) => {
      const count = severities.find(({ value }) => value === severity)?.count ?? 0;
      const now = points.find((point) => point.value === severity && point.at.startsWith(today))?.count ?? 0;
      return tile({
        name: html`${severityDot(severity)}${SEVERITY_WORDS[severity]}`,
        figure: formatCount(count),
        href: link(view, "/log", { from, severity, ...counted }),
        below: html`<a href="${link(view, "/log", { from: today, to: today, severity, ...counted })}"
          >${formatCount(now)} today</a
        >`,
        className: severityClass(severity),
      });
    })}
  </div>`;
}

/** Jobs that wait for the service itself, and those that wait for other programs. */
export function queueTile(view: View, queues: readonly QueueState[] | null): Html {
  const href = view.may("admin") ? link(view, "/queues") : null;
  if (queues === null) return tile({ name: "Waiting in queues", figure: "?", href, below: "Redis is not reachable" });
  const own = queues.filter(({ group }) => group === "intake" || group === "own");
  const waiting = own.reduce((sum, queue) => sum + queue.waiting, 0);
  const elsewhere = queues.reduce((sum, queue) => sum + queue.waiting, 0) - waiting;
  const quarantined = queues.find(({ group }) => group === "intake")?.failed ?? 0;
  const oldestMs = Math.max(0, ...own.map((queue) => queue.oldestMs ?? 0));
  return tile({
    name: "Waiting in queues",
    figure: formatCount(waiting + elsewhere),
    href,
    below: html`${formatCount(waiting)} for bounced${waiting > 0 && `, oldest ${formatAge(oldestMs)}`} ·
    ${formatCount(elsewhere)} for your
    programs${quarantined > 0 && html` · <b class="bad">${formatCount(quarantined)} in quarantine</b>`}`,
  });
}

export function suppressionTile(
  view: View,
  total: number,
  added: readonly AddedOnDay[],
  days: readonly string[],
): Html {
  const countOn = (day: string): number => added.find((one) => one.day === day)?.count ?? 0;
  const [from = "", today = ""] = [days[0], days.at(-1)];
  const inAll = added.reduce((sum, { count }) => sum + count, 0);
  return tile({
    name: "Suppressed",
    figure: formatCount(total),
    href: link(view, "/suppressions"),
    below: html`<a href="${link(view, "/suppressions", { from })}">${formatCount(inAll)} new in ${days.length} days</a>
      · <a href="${link(view, "/suppressions", { from: today })}">${formatCount(countOn(today))} today</a> ${sparkBars({
        title: "New entries per day",
        bars: days.map((day) => ({
          label: day,
          count: countOn(day),
          href: link(view, "/suppressions", { from: day, to: day }),
        })),
      })}`,
  });
}

export const unmatchedTile = (view: View, undecided: number, refusals: number): Html =>
  tile({
    name: "Unmatched by rules",
    figure: formatCount(undecided),
    href: link(view, "/unmatched"),
    below: `of ${formatCount(refusals)} bounces and delays`,
  });
