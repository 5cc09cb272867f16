/** The figures of the overview. Each leads to what it counts. */
import type { QueueState } from "../../queues/upkeep/overview.ts";
import type { Count, SeriesPoint } from "../../store/log/log-query.ts";
import type { AddedOnDay } from "../../store/suppressions/suppression.ts";
import { sparkBars } from "../charts/spark-bars.ts";
import { html, type Html, type HtmlValue } from "../html.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { SEVERITY_ORDER, severityClass, severityDot } from "../words.ts";

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
        name: html`${severityDot(severity)}${view.t.terms.severity[severity]}`,
        figure: view.t.count(count),
        href: link(view, "/log", { from, severity, ...counted }),
        below: html`<a href="${link(view, "/log", { from: today, to: today, severity, ...counted })}"
          >${view.t.overview.todayCount(now)}</a
        >`,
        className: severityClass(severity),
      });
    })}
  </div>`;
}

/** Jobs that wait for the service itself, and those that wait for other programs. */
export function queueTile(view: View, queues: readonly QueueState[] | null): Html {
  const href = view.may("admin") ? link(view, "/queues") : null;
  const t = view.t.overview;
  if (queues === null) return tile({ name: t.waiting, figure: "?", href, below: t.redisDown });
  const own = queues.filter(({ group }) => group === "intake" || group === "own");
  const waiting = own.reduce((sum, queue) => sum + queue.waiting, 0);
  const elsewhere = queues.reduce((sum, queue) => sum + queue.waiting, 0) - waiting;
  const quarantined = queues.find(({ group }) => group === "intake")?.failed ?? 0;
  const oldestMs = Math.max(0, ...own.map((queue) => queue.oldestMs ?? 0));
  return tile({
    name: t.waiting,
    figure: view.t.count(waiting + elsewhere),
    href,
    below: html`${waiting > 0 ? t.waitingOwnOldest(waiting, view.t.age(oldestMs)) : t.waitingOwn(waiting)} ·
    ${t.waitingElsewhere(elsewhere)}${quarantined > 0 && html` · <b class="bad">${t.inQuarantine(quarantined)}</b>`}`,
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
    name: view.t.overview.suppressed,
    figure: view.t.count(total),
    href: link(view, "/suppressions"),
    below: html`<a href="${link(view, "/suppressions", { from })}">${view.t.overview.newIn(inAll, days.length)}</a> ·
      <a href="${link(view, "/suppressions", { from: today })}">${view.t.overview.todayCount(countOn(today))}</a>
      ${sparkBars({
        title: view.t.overview.newPerDay,
        formatted: view.t.count,
        bars: days.map((day) => ({
          label: view.t.day(day),
          count: countOn(day),
          href: link(view, "/suppressions", { from: day, to: day }),
        })),
      })}`,
  });
}

export const unmatchedTile = (view: View, undecided: number, refusals: number): Html =>
  tile({
    name: view.t.overview.unmatched,
    figure: view.t.count(undecided),
    href: view.reaches("/unmatched") ? link(view, "/unmatched") : null,
    below: view.t.overview.ofRefusals(refusals),
  });
