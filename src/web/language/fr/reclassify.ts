/** Reclassification of the log, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_RECLASSIFY: Catalogue["reclassify"] = {
  lead: "reclasse les événements passés avec les règles actuelles. Un aperçu est montré d’abord ; les anciens classements sont conservés.",
  noRule: "aucune règle",
  onlyWhere: (conditions) => html`Seulement si ${conditions}.`,
  condition: (name, value) => html`${name} est ${value}`,
  wholeLog: "Utiliser tout le journal",
  selectionHint: (link) =>
    html`Pour reclasser une sélection, cherchez dans le ${link("journal")} et choisissez « Reclasser ces événements »
    sous les résultats.`,
  preview: "Aperçu",
  replace: "Remplacement",
  replaceTitle: "Remplacer les classements",
  runs: "Exécutions",
  runsHint: "depuis le démarrage du service",
  started: "Démarré",
  by: "Par",
  mode: "Mode",
  state: "État",
  read: "Lus",
  changed: "Modifiés",
  stateRunning: "en cours",
  stateDone: "terminé",
  stateFailed: "échec",
  stateStopped: "arrêté",
  startedBy: (time, actor) => html`démarré ${time} par ${actor}`,
  wouldChange: (n) => plural(n, { one: "# changerait", other: "# changeraient" }),
  replaced: (n, listChanges) =>
    `${plural(n, { one: "# classement remplacé", other: "# classements remplacés" })}, ${plural(listChanges, { one: "# changement", other: "# changements" })} de la liste d’exclusion`,
  stop: "Arrêter",
  eventsRead: "Événements lus",
  progress: (events, said) =>
    `${plural(events, { one: "# événement reclassé", other: "# événements reclassés" })} : ${said}.`,
  progressOf: (events, total, said) =>
    `${count(events)} sur ${plural(total, { one: "# événement", other: "# événements" })} reclassés : ${said}.`,
  unreadable: (n) =>
    plural(n, {
      one: "# événement ne peut pas être reclassé : trop peu est conservé.",
      other: "# événements ne peuvent pas être reclassés : trop peu est conservé.",
    }),
  refresh: "Actualiser",
  classifying: "Classement en cours…",
  replacing: "Remplacement en cours…",
  failed: (problem) => `Échec : ${problem}`,
  seeLog: "voir le journal du service",
  stoppedRules: "Arrêté : les règles ont changé",
  stopped: "Arrêté",
  nothingYet: "Rien n’est encore modifié",
  done: "Terminé",
  noChanges: "Aucun changement",
  noChangesText: "Les règles actuelles classent ces événements comme avant.",
  eventsWouldChange: (n) => plural(n, { one: "# événement changerait", other: "# événements changeraient" }),
  eventsChanged: (n) => plural(n, { one: "# événement modifié", other: "# événements modifiés" }),
  hardMoves: (newly, longer) => `hard en plus : ${count(newly)}, hard en moins : ${count(longer)}`,
  changes: "Changements",
  from: "De",
  to: "Vers",
  examples: "Exemples",
  sameOtherRule: "identique, par une autre règle",
  outdated: "Les règles ont changé depuis. Relancez l’aperçu.",
  replaceCount: (n) => plural(n, { one: "Remplacer # classement", other: "Remplacer # classements" }),
  keptHint: "Les anciens restent avec chaque événement. La liste d’exclusion est mise à jour.",
};
