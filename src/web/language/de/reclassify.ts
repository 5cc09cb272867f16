/** Reclassification of the log, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

export const GERMAN_RECLASSIFY: Catalogue["reclassify"] = {
  lead: "ordnet vergangene Ereignisse mit den jetzigen Regeln neu ein. Zuerst sehen Sie eine Vorschau; alte Einordnungen bleiben erhalten.",
  noRule: "keine Regel",
  onlyWhere: (conditions) => html`Nur wo ${conditions}.`,
  condition: (name, value) => html`${name} ${value} ist`,
  wholeLog: "Das ganze Protokoll verwenden",
  selectionHint: (link) =>
    html`Um eine Auswahl neu einzuordnen, durchsuchen Sie das ${link("Protokoll")} und wählen Sie unter den Ergebnissen
    „Diese Ereignisse neu einordnen“.`,
  preview: "Vorschau",
  replace: "Ersetzen",
  replaceTitle: "Einordnungen ersetzen",
  runs: "Läufe",
  runsHint: "seit dem Start des Dienstes",
  started: "Gestartet",
  by: "Von",
  mode: "Modus",
  state: "Zustand",
  read: "Gelesen",
  changed: "Geändert",
  stateRunning: "läuft",
  stateDone: "fertig",
  stateFailed: "fehlgeschlagen",
  stateStopped: "angehalten",
  startedBy: (time, actor) => html`gestartet ${time} von: ${actor}`,
  wouldChange: (n) => plural(n, { one: "# würde sich ändern", other: "# würden sich ändern" }),
  replaced: (n, listChanges) =>
    `${plural(n, { one: "# Einordnung", other: "# Einordnungen" })} ersetzt, ${plural(listChanges, { one: "# Änderung", other: "# Änderungen" })} der Sperrliste`,
  stop: "Anhalten",
  eventsRead: "Gelesene Ereignisse",
  progress: (events, said) =>
    `${plural(events, { one: "# Ereignis", other: "# Ereignisse" })} neu eingeordnet: ${said}.`,
  progressOf: (events, total, said) =>
    `${count(events)} von ${plural(total, { one: "# Ereignis", other: "# Ereignissen" })} neu eingeordnet: ${said}.`,
  unreadable: (n) =>
    plural(n, {
      one: "# Ereignis lässt sich nicht neu einordnen: Es ist zu wenig gespeichert.",
      other: "# Ereignisse lassen sich nicht neu einordnen: Es ist zu wenig gespeichert.",
    }),
  refresh: "Aktualisieren",
  classifying: "Wird eingeordnet …",
  replacing: "Wird ersetzt …",
  failed: (problem) => `Fehlgeschlagen: ${problem}`,
  seeLog: "siehe Protokoll des Dienstes",
  stoppedRules: "Angehalten: Die Regeln wurden geändert",
  stopped: "Angehalten",
  nothingYet: "Noch ist nichts geändert",
  done: "Fertig",
  noChanges: "Keine Änderungen",
  noChangesText: "Die jetzigen Regeln ordnen diese Ereignisse ein wie bisher.",
  eventsWouldChange: (n) =>
    plural(n, { one: "# Ereignis würde sich ändern", other: "# Ereignisse würden sich ändern" }),
  eventsChanged: (n) => plural(n, { one: "# Ereignis geändert", other: "# Ereignisse geändert" }),
  hardMoves: (newly, longer) => `${count(newly)} neu als Hard Bounce, ${count(longer)} nicht mehr`,
  changes: "Änderungen",
  from: "Von",
  to: "Nach",
  examples: "Beispiele",
  sameOtherRule: "dasselbe, durch eine andere Regel",
  outdated: "Die Regeln haben sich seither geändert. Starten Sie die Vorschau neu.",
  replaceCount: (n) => plural(n, { one: "# Einordnung ersetzen", other: "# Einordnungen ersetzen" }),
  keptHint: "Die alten bleiben bei jedem Ereignis erhalten. Die Sperrliste wird angepasst.",
};
