/** Events as a table: what a support person looks for first. */
import type { Direction, LogEntry, SortColumn } from "../../store/log/log-query.ts";
import { html, type Html } from "../html.ts";
import type { Texts } from "../language/texts.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { readableReply } from "../../event/reply-lines.ts";
import { recipientOf, severityLabel, timeElement } from "../words.ts";

export interface Sorting {
  readonly sort: SortColumn;
  readonly direction: Direction;
  /** Parameters of the page, to which a heading's link adds its own. */
  readonly parameters: LinkParameters;
}

const COLUMNS: readonly (readonly [className: string, name: keyof Texts["log"], sort: SortColumn | null])[] = [
  ["c-time", "received", "received"],
  ["c-to", "recipient", "recipient"],
  ["c-verdict", "severity", "severity"],
  ["c-status", "status", "status"],
  ["c-text", "serverResponse", null],
];

export function logTable(view: View, entries: readonly LogEntry[], sorting: Sorting | null): Html {
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.common.events}">
    <table class="log-table">
      <thead>
        <tr>
          ${COLUMNS.map(([className, name, sort]) => heading(view, className, String(view.t.log[name]), sort, sorting))}
        </tr>
      </thead>
      <tbody>
        ${entries.map((entry) => row(view, entry))}
      </tbody>
    </table>
  </div>`;
}

function heading(view: View, className: string, name: string, sort: SortColumn | null, sorting: Sorting | null): Html {
  if (!sorting || !sort) return html`<th scope="col" class="${className}">${name}</th>`;
  const current = sorting.sort === sort;
  const direction = current && sorting.direction === "desc" ? "asc" : "desc";
  return html`<th
    scope="col"
    class="${className}"
    ${current && html`aria-sort="${sorting.direction === "desc" ? "descending" : "ascending"}"`}
  >
    <a href="${link(view, "/log", { ...sorting.parameters, sort, direction })}"
      >${name}${current && (sorting.direction === "desc" ? " ↓" : " ↑")}</a
    >
  </th>`;
}

function row(view: View, { event, recordedAt }: LogEntry): Html {
  const received = event.message.receivedAt ?? recordedAt;
  return html`<tr>
    <td class="c-time soft nowrap">${timeElement(view, received)}</td>
    <th scope="row" class="c-to">
      <a class="clip" data-dialog href="${link(view, `/log/${event.id}`)}" title="${recipientOf(event)}"
        ><bdi>${recipientOf(event) ?? view.t.common.unknownRecipient}</bdi></a
      >
      <span class="clip soft small" title="${event.original.subject}"><bdi>${event.original.subject}</bdi></span>
    </th>
    <td class="c-verdict">
      ${severityLabel(view, event.severity)}<span class="clip soft small">${view.t.terms.reason[event.reason]}</span>
    </td>
    <td class="c-status">
      <span class="mono">${event.status ?? event.derivedStatus}</span
      ><span class="clip soft small">${event.provider && view.providerName(event.provider)}</span>
    </td>
    <td class="c-text soft">
      <span class="two-lines" title="${event.diagnostic?.text}"
        ><bdi>${event.diagnostic && readableReply(event.diagnostic.text)}</bdi></span
      >
    </td>
  </tr>`;
}

/** The same recipient's other events, short. */
export function timeline(view: View, entries: readonly LogEntry[], currentId: string): Html {
  return html`<ol class="timeline">
    ${entries.map(
      ({ event, recordedAt }) =>
        html`<li ${event.id === currentId && html`class="current"`}>
          <a href="${link(view, `/log/${event.id}`)}" ${event.id === currentId && html`aria-current="true"`}
            >${timeElement(view, event.message.receivedAt ?? recordedAt)}</a
          >
          ${severityLabel(view, event.severity)}
          <span class="clip" title="${event.diagnostic?.text}"
            >${view.t.terms.reason[event.reason]}
            <bdi class="soft">${event.diagnostic && readableReply(event.diagnostic.text)}</bdi></span
          >
        </li>`,
    )}
  </ol>`;
}
