/** Queues, set-up and the API reference, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

export const GERMAN_OPERATING: Catalogue["operating"] = {
  queuesLead: "Jobs in Redis und wer sie abholt.",
  allJobs: "Alle Jobs",
  redriven: (n) =>
    plural(n, {
      one: "# Nachricht zurück in die Eingangswarteschlange gestellt.",
      other: "# Nachrichten zurück in die Eingangswarteschlange gestellt.",
    }),
  noRedis: "Dieser Prozess hat keine Verbindung zu Redis.",
  intake: "Eingang",
  intakeLead: "Angenommene Nachrichten, die noch nicht eingeordnet sind.",
  output: "Ergebnisse",
  outputLead: "Für Ihre Programme, eine Warteschlange je Ergebnis.",
  own: "Intern",
  ownLead: "Protokoll, Webhooks und Weiterleitung.",
  feed: "Feeds",
  feedLead: "Änderungen der Sperrliste und Alarme.",
  queue: "Warteschlange",
  waiting: "Wartend",
  oldest: "Ältester",
  active: "Aktiv",
  failed: "Fehlgeschlagen",
  consumers: "Abnehmer",
  paused: "angehalten",
  quarantine: "Quarantäne",
  retryAll: "Alle wiederholen",
  retry: "Wiederholen",
  quarantineText:
    "Nachrichten, die nicht verarbeitet werden konnten. Sie bleiben erhalten, und jede lässt sich erneut verarbeiten.",
  quarantineTable: "Nachrichten in Quarantäne",
  since: "Seit",
  forWhom: "Für",
  why: "Warum",
  tries: "Versuche",
  unknown: "unbekannt",
  checks: "Prüfungen",
  checksOf: html`die Prüfungen von <code>bounced doctor</code>`,
  runAgain: "Erneut prüfen",
  runChecks: "Prüfungen starten",
  testRefused: (message) => `Der Listener hat den Test-Bounce abgelehnt: ${message}`,
  setupLead: html`Die Prüfungen von <code>bounced doctor</code>, Return-Paths und ein Test-Bounce.`,
  noPassword: html`Es ist kein Administratorpasswort gesetzt. <code>bounced token password</code> setzt eines; bis dahin
    geben <code>bounced token link</code> und jeder Start des Dienstes einen Link aus, der einmal anmeldet.`,
  configuration: "Konfiguration",
  domains: "Domains",
  mxRecord: "MX-Eintrag",
  thisMachine: "dieser Rechner",
  listener: "Listener",
  returnPaths: "Return-Paths",
  returnPathsSigned: "signiert: Gefälschte Bounces werden erkannt",
  unsignedMail: "Unsignierte E-Mails",
  refused: "abgelehnt",
  acceptedUnproven: "als unbewiesen angenommen; sperrt niemanden",
  makePath: "Ein Return-Path für einen Empfänger",
  needsKey: html`Zum Signieren ist ein Schlüssel nötig. Setzen Sie <code>BOUNCED_SECRET</code> auf eine lange zufällige
    Zeichenkette und starten Sie neu.`,
  create: "Erzeugen",
  testBounce: "Test-Bounce",
  sendTest: "Test-Bounce senden",
  testText:
    "Sendet einen Bounce über SMTP an den Listener und verfolgt seine Einordnung. Ein Test-Bounce kommt nicht in das Protokoll, die Statistik, die Sperrliste oder Ihre Warteschlangen.",
  testAccepted: (path) => html`Der Listener hat ihn für ${path} angenommen.`,
  testWaiting: "Die Einordnung wird abgewartet.",
  testNoScript:
    "Ohne JavaScript kann diese Seite das Ergebnis nicht zeigen; die Seite Warteschlangen zeigt, ob er wartet.",
  testRecorded: (severity, reason) =>
    html`Eingeordnet als ${severity} aus dem Grund ${reason} und an das Protokoll und seine Datenbank weitergegeben.
    Echte Bounces nehmen denselben Weg.`,
  testMisread: "Er wurde nicht als Hard Bounce eingeordnet. Prüfen Sie Ihre eigenen Regeln.",
  testNotRecorded: (seconds) =>
    html`Er wurde eingeordnet, kam aber binnen ${seconds} Sekunden nicht im Protokoll an. Läuft die Rolle
      <code>record</code>?`,
  testNotClassified: (seconds) =>
    html`Er wurde angenommen, aber binnen ${seconds} Sekunden nicht eingeordnet. Läuft die Rolle <code>worker</code>?`,
  stepDns: "DNS: Bounces erreichen diesen Rechner",
  stepListener: "Listener und TLS: E-Mails werden angenommen",
  stepReturnPaths: "Return-Paths: Gefälschte Bounces werden erkannt",
  stepStorage: "Redis, Protokoll und Platte: Nichts geht verloren",
  stepRest: "Regeln, Zugang und Webhooks",
  countPassed: (n) => `${count(n)} bestanden`,
  countWarnings: (n) => plural(n, { one: "# Warnung", other: "# Warnungen" }),
  countFailed: (n) => `${count(n)} fehlgeschlagen`,
  checkedAgain: "Wird alle 30 Sekunden erneut geprüft, solange diese Seite offen ist.",
  toDo: (n) => `${count(n)} zu erledigen`,
  countChecks: (n) => plural(n, { one: "# Prüfung", other: "# Prüfungen" }),
  markOk: "bestanden",
  markWarn: "Warnung",
  markFail: "fehlgeschlagen",
  markSkip: "nicht geprüft",
  reference: "API-Referenz",
  referenceLead: html`Anfragen tragen <code>Authorization: Bearer TOKEN</code>;
    <code>bounced token create</code> erzeugt ein Token. Fehler sind <code>application/problem+json</code>.`,
  openapi: "OpenAPI-Dokument",
  asyncapi: "AsyncAPI-Dokument",
  referenceNoScript: "Die Liste der Operationen braucht JavaScript. Das OpenAPI-Dokument enthält dasselbe.",
  operations: "Operationen",
};
