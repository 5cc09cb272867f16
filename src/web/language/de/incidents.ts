/** The pages of incidents, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");
const withCode = (words: string, status: string | null): string => (status === null ? words : `${words} (${status})`);

export const GERMAN_INCIDENTS: Catalogue["incidents"] = {
  title: "Vorfälle",
  lead: "Fehlschläge mit einer Ursache, die über den Zufall hinaus zugenommen haben, bei einem Provider oder bei vielen. Nur glaubwürdige Ereignisse zählen.",
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
      refuses: (name, status) => withCode(`${name} lehnt Mail ab`, status),
      delays: (name, status) => withCode(`${name} verzögert Mail`, status),
    },
    many: {
      refuses: (providers, status) => withCode(`${count(providers)} Provider lehnen Mail ab`, status),
      delays: (providers, status) => withCode(`${count(providers)} Provider verzögern Mail`, status),
    },
    other: {
      refuses: (status) => withCode("Server unbekannter Provider lehnen Mail ab", status),
      delays: (status) => withCode("Server unbekannter Provider verzögern Mail", status),
    },
  },
  since: (time) => html`Seit ${time}`,
  between: (from, to) => html`Von ${from}, beendet um ${to}`,
  only: {
    tag: (value) => html`Nur Mail mit dem Tag ${value}.`,
    senderDomain: (value) => html`Nur Mail von ${value}.`,
    sender: (value) => html`Nur Mail mit dem Absender ${value}.`,
    sendingAddress: (value) => html`Nur Mail, die über ${value} gesendet wurde.`,
    domain: (value) => html`Nur Mail an Adressen bei ${value}.`,
  },
  mostly: {
    tag: (value) => html`Überwiegend Mail mit dem Tag ${value}.`,
    senderDomain: (value) => html`Überwiegend Mail von ${value}.`,
    sender: (value) => html`Überwiegend Mail mit dem Absender ${value}.`,
    sendingAddress: (value) => html`Überwiegend Mail, die über ${value} gesendet wurde.`,
    domain: (value) => html`Überwiegend Mail an Adressen bei ${value}.`,
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
  showInLog: "Im Log zeigen",
  whatToDo: "Was zu tun ist",
  usualCause: "Übliche Ursache",
  providersMistake:
    "Andere Provider nehmen dieselbe Mail an: Suchen Sie nach einer Störung bei diesem Provider, bevor Sie Adressen entfernen. Senden Sie nicht mehr dorthin, und machen Sie rückgängig, was seit dem Beginn gesperrt wurde.",
  changedSince: "Änderungen der Sperrliste",
  chart: "Fehlschläge pro Stunde",
  chartOf: (hours) =>
    plural(hours, { one: "jeder Balken ist # Stunde (UTC)", other: "jeder Balken ist # Stunden (UTC)" }),
  opened: "Geöffnet",
  scope: "Was sie gemeinsam haben",
  scopeNote: "Anteil am Vorfall neben dem Anteil an aller Mail derselben Stunden.",
  scopeNone: "Nichts: kein Tag, kein Absender und keine Domain fällt auf.",
  what: "Was",
  ofIncident: "Am Vorfall",
  ofMail: "An aller Mail",
  unknownShare: "nicht bekannt",
  extent: { only: "nur", mostly: "überwiegend" },
  dimension: {
    tag: "Tag",
    senderDomain: "Absenderdomain",
    sender: "Absender",
    sendingAddress: "Sendende IP-Adresse",
    domain: "Empfängerdomain",
  },
  providers: "Provider",
  statuses: "Statuscodes",
  texts: "Was Server sagen",
  textsNote: "Adressen, Hosts und Kennungen sind maskiert. Gezählt ist eine Stichprobe.",
  history: "Verlauf und Notizen",
  entry: {
    opened: "Geöffnet: Fehlschläge nahmen über den Zufall hinaus zu",
    reopened: "Wieder geöffnet: Die Fehlschläge sind zurück",
    cleared: {
      quiet: "Beendet: Fehlschläge sind wieder im üblichen Rahmen",
      silent: "Beendet: einen Tag lang zu wenig Mail, um mehr zu wissen",
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
