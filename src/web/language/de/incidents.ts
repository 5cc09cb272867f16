/** The pages of incidents, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");
const withCode = (words: string, status: string | null): string => (status === null ? words : `${words} (${status})`);

export const GERMAN_INCIDENTS: Catalogue["incidents"] = {
  title: "Vorfälle",
  lead: "Fehlschläge mit einer Ursache, die über den Zufall hinaus zugenommen haben, bei einem Anbieter oder bei vielen. Nur glaubwürdige Ereignisse zählen.",
  filter: "Welche Vorfälle",
  all: "Alle",
  open: "Offen",
  cleared: "Beendet",
  older: "Ältere",
  none: "Keine Vorfälle",
  noneOpen: "Keine offenen Vorfälle",
  noneText:
    "Alle fünf Minuten werden die Fehlschläge der letzten Stunde mit der Woche davor verglichen. Wo sie über den Zufall hinaus zunehmen, steht hier ein Vorfall, mit Ursache, Umfang und dem, was zu tun ist.",
  openNow: "Offene Vorfälle",
  showAll: "Alle Vorfälle",
  itsIncident: "sein Vorfall",
  at: {
    one: {
      refuses: (name, status) => withCode(`${name} lehnt E-Mails ab`, status),
      delays: (name, status) => withCode(`${name} verzögert E-Mails`, status),
    },
    many: {
      refuses: (providers, status) => withCode(`${count(providers)} Anbieter lehnen E-Mails ab`, status),
      delays: (providers, status) => withCode(`${count(providers)} Anbieter verzögern E-Mails`, status),
    },
    other: {
      refuses: (status) => withCode("Server unbekannter Anbieter lehnen E-Mails ab", status),
      delays: (status) => withCode("Server unbekannter Anbieter verzögern E-Mails", status),
    },
  },
  since: (time) => html`Seit ${time}`,
  between: (from, to) => html`Von ${from}, beendet um ${to}`,
  only: {
    tag: (value) => html`Nur E-Mails mit dem Kennzeichen ${value}.`,
    senderDomain: (value) => html`Nur E-Mails von ${value}.`,
    sender: (value) => html`Nur E-Mails mit dem Absender ${value}.`,
    sendingAddress: (value) => html`Nur E-Mails, die über ${value} gesendet wurden.`,
    domain: (value) => html`Nur E-Mails an Adressen bei ${value}.`,
  },
  mostly: {
    tag: (value) => html`Überwiegend E-Mails mit dem Kennzeichen ${value}.`,
    senderDomain: (value) => html`Überwiegend E-Mails von ${value}.`,
    sender: (value) => html`Überwiegend E-Mails mit dem Absender ${value}.`,
    sendingAddress: (value) => html`Überwiegend E-Mails, die über ${value} gesendet wurden.`,
    domain: (value) => html`Überwiegend E-Mails an Adressen bei ${value}.`,
  },
  notAt: (providers) => html`Nichts bei ${providers}.`,
  events: (events) => plural(events, { one: "# Ereignis", other: "# Ereignisse" }),
  eventsName: "Ereignisse",
  provenShare: (share) => `${share} bewiesen`,
  addressesName: "Adressen",
  notSuppressed: (addresses) => plural(addresses, { one: "# nicht gesperrt", other: "# nicht gesperrt" }),
  addressesNotSuppressed: (addresses) =>
    plural(addresses, { one: "# Adresse nicht gesperrt", other: "# Adressen nicht gesperrt" }),
  atLeast: (number) => `mindestens ${number}`,
  rateName: "Fehlerquote",
  rateOf: (failed, sent) => `${count(failed)} von ${count(sent)}, als er gefunden wurde`,
  rateBefore: (rate) => `davor ${rate}`,
  usualName: "Üblich",
  usual: (perHour) => `${perHour} pro Stunde`,
  showInLog: "Im Protokoll anzeigen",
  whatToDo: "Was zu tun ist",
  usualCause: "Übliche Ursache",
  providersMistake:
    "Andere Anbieter nehmen dieselben E-Mails an: Suchen Sie nach einer Störung bei diesem Anbieter, bevor Sie Adressen entfernen. Senden Sie nicht mehr dorthin, und machen Sie rückgängig, was seit dem Beginn gesperrt wurde.",
  changedSince: "Änderungen der Sperrliste",
  chart: "Fehlschläge pro Stunde",
  chartOf: (hours) =>
    plural(hours, { one: "jeder Balken ist # Stunde (UTC)", other: "jeder Balken ist # Stunden (UTC)" }),
  opened: "Geöffnet",
  scope: "Was sie gemeinsam haben",
  scopeNote: "Anteil am Vorfall neben dem Anteil an allen E-Mails derselben Stunden.",
  scopeNone: "Nichts: kein Tag, kein Absender und keine Domain fällt auf.",
  what: "Was",
  ofIncident: "Am Vorfall",
  ofMail: "An allen E-Mails",
  unknownShare: "nicht bekannt",
  extent: { only: "nur", mostly: "überwiegend" },
  dimension: {
    tag: "Kennzeichen",
    senderDomain: "Absenderdomain",
    sender: "Absender",
    sendingAddress: "Absende-IP-Adresse",
    domain: "Empfängerdomain",
  },
  providers: "Anbieter",
  statuses: "Statuscodes",
  texts: "Was die Server antworten",
  textsNote: "Adressen, Hosts und IDs sind maskiert. Gezählt ist eine Stichprobe.",
  history: "Verlauf und Notizen",
  entry: {
    opened: "Geöffnet: Fehlschläge nahmen über den Zufall hinaus zu",
    reopened: "Wieder geöffnet: Die Fehlschläge sind zurück",
    cleared: {
      quiet: "Beendet: Fehlschläge sind wieder im üblichen Rahmen",
      silent: "Beendet: einen Tag lang zu wenige E-Mails, um mehr zu wissen",
      usual: "Beendet nach 30 Tagen: Es ist jetzt üblich",
    },
    byHand: { closed: "Von Hand beendet", reopened: "Von Hand wieder geöffnet" },
    merged: (other) => html`Ging auf in ${other}`,
  },
  otherIncident: "einem anderen Vorfall",
  noteLabel: "Notiz",
  noteHint: "Was getan wurde, und von wem. Alle, die sich anmelden dürfen, lesen es.",
  addNote: "Notiz hinzufügen",
  close: "Vorfall beenden",
  reopen: "Wieder öffnen",
  moveHint: {
    close:
      "Damit endet auch sein Alarm. Dieselben Fehlschläge öffnen ihn einen Tag lang nicht wieder, so viele es auch sind.",
    reopen: "Er wird wieder beendet, wenn die Fehlschläge vorbei sind.",
  },
  done: {
    noted: "Die Notiz wurde hinzugefügt.",
    full: "Dieser Vorfall hat so viele Notizen, wie er haben kann.",
    closed: "Der Vorfall ist beendet.",
    reopened: "Der Vorfall ist wieder offen.",
    already: "Er ist bereits in diesem Zustand.",
    taken: "Ein anderer Vorfall mit dieser Ursache ist offen.",
    old: "Er begann vor mehr als 30 Tagen und bleibt beendet.",
  },
};
