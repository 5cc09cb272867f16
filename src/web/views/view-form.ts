/** Name, alert and weekly mail of a saved view. */
import { WEEKDAYS, type SavedView, type ViewContent } from "../../store/views/saved-view.ts";
import { html, type Html } from "../html.ts";
import { csrfField } from "../layout.ts";
import { link, type View } from "../view.ts";

/** Null: a new one. */
export function viewForm(view: View, content: ViewContent, id: SavedView["id"] | null): Html {
  const { views } = view.t;
  const { name, page, query, alert, mail } = content;
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return html`<form class="panel stack" method="post" action="${link(view, "/views/save")}" aria-labelledby="view-form">
    ${csrfField(view)}
    <header><h2 id="view-form">${id === null ? views.newView : views.editView}</h2></header>
    <input type="hidden" name="page" value="${page}" /><input type="hidden" name="query" value="${query}" />
    ${id !== null && html`<input type="hidden" name="id" value="${id}" />`}
    <div class="fields">
      <div class="field two">
        <label for="v-name">${views.name}</label>
        <input id="v-name" name="name" value="${name}" required maxlength="80" autocomplete="off" />
      </div>
      <div class="field two">
        <span class="label">${views.pages[page]}</span>
        <p class="break small">${filterText(view, query)}</p>
      </div>
    </div>
    ${
      page === "log" &&
      html`<fieldset>
        <legend>${views.alert}</legend>
        <div class="fields">
          <div class="field">
            <label for="v-when" class="visually-hidden">${views.alert}</label>
            <select id="v-when" name="when">
              ${(["none", "more", "grew"] as const).map(
                (when) =>
                  html`<option value="${when}" ${when === (alert?.when ?? "none") && html`selected`}>
                    ${views.alerts[when]}
                  </option>`,
              )}
            </select>
          </div>
          <div class="field">
            <label for="v-count">${views.events}</label>
            <input id="v-count" name="count" inputmode="numeric" value="${alert?.when === "more" ? alert.count : ""}" />
          </div>
          <div class="field">
            <label for="v-hours">${views.hours}</label>
            <input id="v-hours" name="hours" inputmode="numeric" value="${alert?.hours ?? 24}" />
          </div>
        </div>
        <p class="soft small">${views.alertHelp}</p>
      </fieldset>`
    }
    <fieldset>
      <legend>${views.mail}</legend>
      <div class="fields">
        <div class="field two">
          <label for="v-to">${views.mailTo}</label>
          <input id="v-to" name="to" value="${mail?.to.join(", ")}" autocomplete="off" spellcheck="false" />
        </div>
        <div class="field">
          <label for="v-weekday">${views.weekday}</label>
          <select id="v-weekday" name="weekday">
            ${WEEKDAYS.map(
              (day) =>
                html`<option value="${day}" ${day === (mail?.weekday ?? "monday") && html`selected`}>
                  ${views.weekdays[day]}
                </option>`,
            )}
          </select>
        </div>
        <div class="field">
          <label for="v-hour">${views.hour}</label>
          <select id="v-hour" name="hour">
            ${hours.map((hour) => html`<option value="${hour}" ${hour === (mail?.hour ?? 8) && html`selected`}>${clock(hour)}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="v-zone">${views.timeZone}</label>
          <input id="v-zone" name="timeZone" value="${mail?.timeZone ?? "UTC"}" autocomplete="off" spellcheck="false" />
        </div>
      </div>
      <p class="soft small">${views.mailHelp}</p>
    </fieldset>
    <div class="row">
      <button class="primary">${views.button}</button>
      <a class="button" href="${link(view, "/views")}">${views.cancel}</a>
    </div>
  </form>`;
}

export const clock = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

/** `severity=block&provider=google` -> `severity: block, provider: google` */
export const filterText = ({ t: { views } }: Pick<View, "t">, query: string): string =>
  [...new URLSearchParams(query)].map(([name, value]) => `${name}: ${value}`).join(", ") || views.everything;
