/** The page of the audit log in German. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { plural } = speechOf("de");

export const GERMAN_AUDIT: Catalogue["audit"] = {
  title: "Audit-Protokoll",
  lead: (days: number) =>
    `Anmeldungen, Exporte, gelesene Nachrichten, Löschungen und jede Änderung, ${plural(days, { one: "# Tag", other: "# Tage" })} lang.`,
  anyAction: "jede Aktion",
  action: "Aktion",
  who: "Person oder Token",
  whoPlaceholder: "Person oder Token",
  text: "Adresse, ID oder Einzelheiten",
  textPlaceholder: "Adresse, ID oder Einzelheiten",
  fromDay: "Ab Tag (UTC)",
  toDay: "Bis Tag (UTC)",
  fromPlaceholder: "ab JJJJ-MM-TT",
  toPlaceholder: "bis JJJJ-MM-TT",
  entries: "Einträge",
  emptyTitle: "Keine Einträge",
  empty: "Es wurde nichts Passendes aufgezeichnet.",
  older: "Ältere",
  pages: "Seiten",
  when: "Wann",
  by: "Wer",
  what: "Was",
  target: "Woran",
  from: "Von",
  machine: "dieser Rechner",
  csv: "CSV",
  jsonLines: "JSON-Zeilen",
  request: (id: string) => `Anfrage ${id}`,
  actions: {
    "sign-in": "Angemeldet",
    "sign-in-refused": "Anmeldung abgelehnt",
    "sign-out": "Abgemeldet",
    export: "Export",
    "raw-read": "Nachricht gelesen",
    erasure: "Adresse gelöscht",
    "list-change": "Sperrliste geändert",
    "rule-change": "Regeln geändert",
    reclassification: "Protokoll neu eingeordnet",
    replay: "Ereignisse erneut gesendet",
    "queue-change": "Warteschlangen geändert",
    "token-change": "Token geändert",
    "person-change": "Personen geändert",
    "settings-change": "Einstellungen geändert",
    "incident-change": "Vorfall beendet oder wieder geöffnet",
  },
  outcomes: {
    begun: { name: "Ende unbekannt", title: "Begonnen; wie es endete, wurde nicht aufgezeichnet." },
    done: { name: "erledigt", title: "Es wurde ausgeführt." },
    refused: { name: "abgelehnt", title: "Es wurde abgelehnt; nichts wurde getan." },
    failed: {
      name: "fehlgeschlagen",
      title: "Es ist fehlgeschlagen; das Protokoll des Dienstes nennt zur Anfrage die Ursache.",
    },
  },
};
