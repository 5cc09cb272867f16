/** Saved views, in English. */
import type { ViewAlertSettings, ViewPage, Weekday } from "../../../store/views/saved-view.ts";
import { html, type Html, type HtmlValue } from "../../html.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("en");

const hoursOf = (hours: number): string => plural(hours, { one: "the last hour", other: "the last # hours" });

export const ENGLISH_VIEWS = {
  title: "Saved views",
  lead: "Searches with a name, for everybody who signs in here.",
  menu: "Views",
  all: "All views",
  saveThis: "Save this view",
  edit: "Edit",
  editNamed: (name: string) => `Edit ${name}`,
  removeNamed: (name: string) => `Remove ${name}`,
  saved: "The view is saved.",
  removed: "The view is removed.",
  sent: "The mail is sent.",
  sendNow: "Send now",
  sendNamed: (name: string) => `Send the mail of ${name} now`,
  none: "No saved views",
  noneText: "Search the log, or compare two periods, and choose “Save this view” there.",
  name: "Name",
  page: "Page",
  pages: { log: "Log", rates: "Rates", compare: "Compare" } satisfies Record<ViewPage, string>,
  filter: "Filter",
  everything: "everything",
  savedBy: "Saved by",
  actions: "Actions",
  newView: "Save a view",
  editView: "Edit the view",
  button: "Save view",
  cancel: "Cancel",
  alert: "Alert",
  alertHelp:
    "Counted every five minutes. It goes to queue alert and to webhooks with alerts; a second message says when it is over.",
  alerts: {
    none: "no alert",
    more: "more events than a number",
    grew: "grew beyond chance",
  } satisfies Record<ViewAlertSettings["when"] | "none", string>,
  events: "Events",
  hours: "In the last hours",
  moreThan: (events: number, hours: number) => `more than ${count(events)} in ${hoursOf(hours)}`,
  grewIn: (hours: number) => `grew in ${hoursOf(hours)}`,
  openSince: (time: HtmlValue) => html`open since ${time}`,
  mail: "Weekly mail",
  mailHelp: "To these addresses, with a comma between them. Empty: no mail.",
  noRelay: "No mail is sent yet: bounced.yaml has no relay (mail.relay).",
  filterMistake: "The page no longer takes this filter: remove the view and save it anew",
  mailTo: "Recipients",
  weekday: "Day",
  weekdays: {
    monday: "Monday",
    tuesday: "Tuesday",
    wednesday: "Wednesday",
    thursday: "Thursday",
    friday: "Friday",
    saturday: "Saturday",
    sunday: "Sunday",
  } satisfies Record<Weekday, string>,
  hour: "Hour",
  timeZone: "Time zone",
  mailWhen: (day: string, hour: string, zone: string) => `${day}, ${hour}, ${zone}`,
  mailSent: (time: HtmlValue) => html`last sent ${time}`,
  mailFailed: (why: string): Html => html`not sent: ${why}`,
};
