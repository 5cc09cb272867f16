/** What no rule matched, rules of one's own, and their editor, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

export const GERMAN_RULES: Catalogue["rules"] = {
  lead: "Bounces und Verzögerungen, auf deren Serverantwort keine Regel passte; ein Statuscode oder ein statistisches Modell entschied, oder nichts. Schreiben Sie eine Regel, die solche Antworten künftig entscheidet.",
  yourRules: "Ihre Regeln",
  reclassify: "Neu einordnen",
  writeRule: "Regel schreiben",
  noRefusals: "Keine Bounces oder Verzögerungen in diesem Zeitraum",
  nothingToDo: "Nichts, wofür eine Regel nötig wäre",
  withoutResponseOnly: (n) =>
    plural(n, {
      one: "Auf # Ereignis passte keine Regel, es hat aber keine Serverantwort.",
      other: "Auf # Ereignisse passte keine Regel, sie haben aber keine Serverantwort.",
    }),
  allDecided: (n) =>
    plural(n, {
      one: "Eine Regel entschied den einen Bounce oder die eine Verzögerung.",
      other: "Eine Regel entschied alle # Bounces und Verzögerungen.",
    }),
  groupedHere: "Serverantworten, auf die keine Regel passt, stehen hier in Gruppen.",
  inGroups: (refusals, groups) =>
    `von ${count(refusals)} Bounces und Verzögerungen, in ${plural(groups, { one: "# Gruppe", other: "# Gruppen" })}`,
  inGroupsCut: (refusals, groups, looked) =>
    `von ${count(refusals)} Bounces und Verzögerungen, in ${plural(groups, { one: "# Gruppe", other: "# Gruppen" })} der neuesten ${count(looked)}`,
  withoutResponse: (n) => `${count(n)} ohne Serverantwort`,
  groups: "Gruppen",
  serverResponse: "Serverantwort",
  classifiedAs: "Eingeordnet als",
  example: "Beispiel",
  rulesLead: "sie gehen den eingebauten Regeln vor und gelten binnen Sekunden in jedem Prozess dieses Rechners.",
  saved: (rules, look) => html`Gespeichert: ${rules}. ${look}`,
  removed: (rule, look) => html`Entfernt: ${rule}. Die Versionen bleiben unten im Verlauf. ${look}`,
  reclassifyHint: (link) =>
    html`Frühere Ereignisse behalten ihre Einordnung, bis Sie ${link("das Protokoll neu einordnen")}.`,
  same: "Nichts geändert: Dieselbe Regel ist bereits gespeichert.",
  noneSaved: "Keine gespeicherten Regeln",
  noneSavedText:
    "Schreiben Sie eine Regel, wo die eingebauten Regeln nicht auf eine Serverantwort passen oder sie anders einordnen, als Sie möchten.",
  savedHere: "Hier gespeichert",
  countRules: (n) => plural(n, { one: "# Regel", other: "# Regeln" }),
  savedRules: "Gespeicherte Regeln",
  rule: "Regel",
  treatedAs: "Behandelt als",
  savedAt: "Gespeichert",
  actions: "Aktionen",
  edit: "Bearbeiten",
  editRule: (id) => `${id} bearbeiten`,
  removeRule: (id) => `${id} entfernen`,
  eventsOfRule: "Von dieser Regel entschiedene Ereignisse",
  ignored: "ignoriert: Eine andere Regel hat dieselbe ID",
  asYaml: "Als YAML",
  inFiles: "In Ihren Dateien",
  inFilesHint: (rules, path) =>
    html`${plural(rules, { one: "# Regel", other: "# Regeln" })} in ${path}, dort zu bearbeiten`,
  fileRules: "Regeln aus Dateien",
  history: "Verlauf",
  historyTable: "Verlauf der gespeicherten Regeln",
  when: "Wann",
  who: "Wer",
  what: "Was",
  asItWas: "Wie sie war",
  asSaved: "Wie gespeichert",
  editVersion: "Diese Version bearbeiten",
  editRuleAsOf: (rule, at) => `${rule} bearbeiten, Stand ${at}`,
  noSavedRule: (id) => `Keine gespeicherte Regel heißt ${id}.`,
  versionGone: "Diese Version ist nicht mehr vorhanden.",
  notSaved: "Nicht gespeichert.",
  editorLead: "an vergangenen Ereignissen getestet, während Sie tippen.",
  inYaml: "Regel, in YAML",
  testAgainst: "Testen mit",
  scopeNewest: (n) => `die neuesten ${count(n)} Ablehnungen`,
  scopeUndecided: (n) => `die neuesten ${count(n)} ohne passende Regel`,
  test: "Testen",
  savedAppliesToNew: "Eine gespeicherte Regel gilt für neue Ereignisse. Frühere Versionen bleiben erhalten.",
  testResult: "Testergebnis",
  howTo:
    "Geben Sie die Wörter ein, die diesen Serverantworten gemeinsam sind, und wählen Sie den Grund. Während Sie tippen, wird die Regel geprüft und am Protokoll getestet; das Ergebnis erscheint hier.",
  cannotBeSaved: "Diese Regel lässt sich nicht speichern.",
  savableWithWarnings: "Diese Regel lässt sich speichern, mit Warnungen.",
  valid: "Die Regel ist gültig.",
  error: "Fehler",
  warning: "Warnung",
  decides: (decided, tried) =>
    `Entscheidet ${count(decided)} von ${plural(tried, { one: "# Ablehnung", other: "# Ablehnungen" })}`,
  decidesUndecided: (decided, tried) =>
    `Entscheidet ${count(decided)} von ${plural(tried, { one: "# Ablehnung", other: "# Ablehnungen" })} ohne passende Regel`,
  stays: (reason) => `Bleibt: ${reason}`,
  conditions: "Bedingungen",
  phrases: "Formulierungen",
  reasons: "Gründe",
  phrasesHint: html`Groß- und Kleinschreibung, Akzente, Satzzeichen und Zeilenumbrüche zählen nicht. Eine Adresse passt
    auf das Wort <code>@</code>.`,
  grammarAny: "der Text enthält eine dieser Formulierungen",
  grammarAll: "er enthält alle; er enthält keine",
  grammarProvider: "wer ablehnte, mit der ID aus Codes",
  grammarHost: "dieser Host oder diese Domain, oder darunter",
  grammarReporter: "wer den Bericht schrieb",
  grammarPattern: "ein regulärer Ausdruck über den kleingeschriebenen Text",
  phraseAlternative: "eine von mehreren; eine leere ist optional",
  phraseUser: "ein beliebiges Wort für einen Benutzer",
  phraseBeginning: "jedes Wort mit diesem Anfang",
  phraseBetween: "bis zu 12 Wörter dazwischen",
};
