/** Codes as a table: what each means, the next step, and what it is taken for. */
import type { DictionaryEntry } from "../../dictionary/dictionary.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";
import { severityLabel } from "../words.ts";

export const dictionaryTable = (view: View, title: string, entries: readonly DictionaryEntry[]): Html =>
  html`<div class="table-wrap spaced" tabindex="0" role="region" aria-label="${title}">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">${view.t.codes.code}</th>
          <th scope="col">${view.t.codes.meaning}</th>
          <th scope="col">${view.t.codes.nextStep}</th>
          <th scope="col">${view.t.codes.treatedAs}</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (entry) =>
            html`<tr>
              <th scope="row" class="mono nowrap">${entry.code}</th>
              <td><b lang="en">${entry.title}</b><br /><span class="soft">${entry.meaning}</span></td>
              <td>${entry.nextStep}</td>
              <td class="nowrap">
                ${severityLabel(view, entry.severity)}<br /><span class="soft small"
                  >${view.t.terms.reason[entry.reason]}</span
                >
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
