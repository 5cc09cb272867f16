/** Name, alert and weekly mail of a saved view. */
import { WEEKDAYS, type SavedView, type ViewContent, type ViewPage } from "../../store/views/saved-view.ts";
import { html, type Html } from "../html.ts";
import { csrfField } from "../layout.ts";
import { link, type View } from "../view.ts";

/** As they stand in the form: what somebody typed is kept where it is wrong. */
export interface ViewFields extends Readonly<
  Record<"name" | "query" | "when" | "count" | "hours" | "to" | "weekday" | "hour" | "timeZone", string>
> {
  readonly page: ViewPage;
}

export const formFieldsOf = ({ name, page, query, alert, mail }: ViewContent): ViewFields => ({
  name,
  page,
  query,
  when: alert?.when ?? "none",
  count: alert?.when === "more" ? String(alert.count) : "",
  hours: String(alert?.hours ?? 24),
  to: mail?.to.join(", ") ?? "",
  weekday: mail?.weekday ?? "monday",
  hour: String(mail?.hour ?? 8),
  timeZone: mail?.timeZone ?? "UTC",
});

/** `id` null: a new one. `hasRelay`: weekly mails are sent. */
export function viewForm(view: View, fields: ViewFields, id: SavedView["id"] | null, hasRelay: boolean): Html {
  const { views } = view.t;
  const { name, page, query } = fields;
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
                  html`<option value="${when}" ${when === fields.when && html`selected`}>
                    ${views.alerts[when]}
                  </option>`,
              )}
            </select>
          </div>
          <div class="field">
            <label for="v-count">${views.events}</label>
            <input id="v-count" name="count" inputmode="numeric" value="${fields.count}" />
          </div>
          <div class="field">
            <label for="v-hours">${views.hours}</label>
            <input id="v-hours" name="hours" inputmode="numeric" value="${fields.hours}" />
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
          <input id="v-to" name="to" value="${fields.to}" autocomplete="off" spellcheck="false" />
        </div>
        <div class="field">
          <label for="v-weekday">${views.weekday}</label>
          <select id="v-weekday" name="weekday">
            ${WEEKDAYS.map(
              (day) =>
                html`<option value="${day}" ${day === fields.weekday && html`selected`}>
                  ${views.weekdays[day]}
                </option>`,
            )}
          </select>
        </div>
        <div class="field">
          <label for="v-hour">${views.hour}</label>
          <select id="v-hour" name="hour">
            ${hours.map((hour) => html`<option value="${hour}" ${String(hour) === fields.hour && html`selected`}>${clock(hour)}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="v-zone">${views.timeZone}</label>
          <input id="v-zone" name="timeZone" value="${fields.timeZone}" autocomplete="off" spellcheck="false" />
        </div>
      </div>
      <p class="soft small">${views.mailHelp}${!hasRelay && html` <b>${views.noRelay}</b>`}</p>
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
