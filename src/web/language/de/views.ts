/** Saved views, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

const hoursOf = (hours: number): string => plural(hours, { one: "der letzten Stunde", other: "den letzten # Stunden" });

export const GERMAN_VIEWS: Catalogue["views"] = {
  title: "Gespeicherte Ansichten",
  lead: "Suchen mit einem Namen, für alle, die sich hier anmelden.",
  menu: "Ansichten",
  all: "Alle Ansichten",
  saveThis: "Diese Ansicht speichern",
  edit: "Bearbeiten",
  editNamed: (name) => `${name} bearbeiten`,
  removeNamed: (name) => `${name} entfernen`,
  saved: "Die Ansicht wurde gespeichert.",
  removed: "Die Ansicht wurde entfernt.",
  sent: "Die E-Mail wurde gesendet.",
  sendNow: "Jetzt senden",
  sendNamed: (name) => `E-Mail von ${name} jetzt senden`,
  none: "Keine gespeicherten Ansichten",
  noneText:
    "Durchsuchen Sie das Protokoll oder vergleichen Sie zwei Zeiträume und wählen Sie dort „Diese Ansicht speichern“.",
  name: "Name",
  page: "Seite",
  pages: { log: "Protokoll", rates: "Raten", compare: "Vergleich" },
  filter: "Filter",
  everything: "alles",
  savedBy: "Gespeichert von",
  actions: "Aktionen",
  newView: "Ansicht speichern",
  editView: "Ansicht bearbeiten",
  button: "Ansicht speichern",
  cancel: "Abbrechen",
  alert: "Alarm",
  alertHelp:
    "Wird alle fünf Minuten gezählt. Er geht an die Warteschlange alert und an Webhooks mit Alarmen; eine zweite Nachricht meldet das Ende.",
  alerts: { none: "kein Alarm", more: "mehr Ereignisse als eine Zahl", grew: "stärker gestiegen, als Zufall erklärt" },
  events: "Ereignisse",
  hours: "In den letzten Stunden",
  moreThan: (events, hours) => `mehr als ${count(events)} in ${hoursOf(hours)}`,
  grewIn: (hours) => `gestiegen in ${hoursOf(hours)}`,
  openSince: (time) => html`offen seit ${time}`,
  mail: "Wöchentliche E-Mail",
  mailHelp: "An diese Adressen, durch Kommas getrennt. Leer: keine E-Mail.",
  noRelay: "Es wird noch keine E-Mail gesendet: In bounced.yaml fehlt ein Relay (mail.relay).",
  filterMistake: "Die Seite nimmt diesen Filter nicht mehr an: Ansicht entfernen und neu speichern",
  mailTo: "Empfänger",
  weekday: "Tag",
  weekdays: {
    monday: "Montag",
    tuesday: "Dienstag",
    wednesday: "Mittwoch",
    thursday: "Donnerstag",
    friday: "Freitag",
    saturday: "Samstag",
    sunday: "Sonntag",
  },
  hour: "Stunde",
  timeZone: "Zeitzone",
  mailWhen: (day, hour, zone) => `${day}, ${hour}, ${zone}`,
  mailSent: (time) => html`zuletzt gesendet ${time}`,
  mailFailed: (why) => html`nicht gesendet: ${why}`,
};
