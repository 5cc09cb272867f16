/** Codes as a table: what each means, the next step, and what it is taken for. */
import type { DictionaryEntry } from "../../dictionary/dictionary.ts";
import { html, type Html } from "../html.ts";
import { severityLabel, spellName } from "../words.ts";

export const dictionaryTable = (title: string, entries: readonly DictionaryEntry[]): Html =>
  html`<div class="table-wrap spaced" tabindex="0" role="region" aria-label="${title}">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col">Meaning</th>
          <th scope="col">Next step</th>
          <th scope="col">Treated as</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (entry) =>
            html`<tr>
              <th scope="row" class="mono nowrap">${entry.code}</th>
              <td><b>${entry.title}</b><br /><span class="soft">${entry.meaning}</span></td>
              <td>${entry.nextStep}</td>
              <td class="nowrap">
                ${severityLabel(entry.severity)}<br /><span class="soft small">${spellName(entry.reason)}</span>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
