/** What no rule matched, rules of one’s own, and their editor, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_RULES: Catalogue["rules"] = {
  lead: "Bounces et retards dont la réponse du serveur ne correspond à aucune règle ; un code de statut ou un modèle statistique a décidé, ou rien. Écrivez une règle pour décider de telles réponses à l’avenir.",
  yourRules: "Vos règles",
  reclassify: "Reclasser",
  writeRule: "Écrire une règle",
  noRefusals: "Aucun bounce ni retard sur cette période",
  nothingToDo: "Rien qui demande une règle",
  withoutResponseOnly: (n) =>
    plural(n, {
      one: "Aucune règle ne correspond à # événement, mais il n’a pas de réponse de serveur.",
      other: "Aucune règle ne correspond à # événements, mais ils n’ont pas de réponse de serveur.",
    }),
  allDecided: (n) =>
    plural(n, {
      one: "Une règle a décidé l’unique bounce ou retard.",
      other: "Une règle a décidé les # bounces et retards.",
    }),
  groupedHere: "Les réponses de serveurs sans règle correspondante sont regroupées ici.",
  inGroups: (refusals, groups) =>
    `sur ${count(refusals)} bounces et retards, en ${plural(groups, { one: "# groupe", other: "# groupes" })}`,
  inGroupsCut: (refusals, groups, looked) =>
    `sur ${count(refusals)} bounces et retards, en ${plural(groups, { one: "# groupe", other: "# groupes" })} parmi les ${count(looked)} plus récents`,
  withoutResponse: (n) => `${count(n)} sans réponse de serveur`,
  groups: "Groupes",
  serverResponse: "Réponse du serveur",
  classifiedAs: "Classé comme",
  example: "Exemple",
  rulesLead:
    "elles priment sur les règles intégrées et s’appliquent en quelques secondes dans chaque processus de cette machine.",
  saved: (rules, look) => html`Enregistré : ${rules}. ${look}`,
  removed: (rule, look) => html`Retirée : ${rule}. Ses versions restent dans l’historique ci-dessous. ${look}`,
  reclassifyHint: (link) =>
    html`Les événements antérieurs gardent leur classement jusqu’à ce que vous ${link("reclassiez le journal")}.`,
  same: "Rien n’a changé : la même règle est déjà enregistrée.",
  noneSaved: "Aucune règle enregistrée",
  noneSavedText:
    "Écrivez une règle là où les règles intégrées ne correspondent pas à une réponse, ou la classent autrement que vous le voulez.",
  savedHere: "Enregistrées ici",
  countRules: (n) => plural(n, { one: "# règle", other: "# règles" }),
  savedRules: "Règles enregistrées",
  rule: "Règle",
  treatedAs: "Traité comme",
  savedAt: "Enregistrée",
  actions: "Actions",
  edit: "Modifier",
  editRule: (id) => `Modifier ${id}`,
  removeRule: (id) => `Retirer ${id}`,
  eventsOfRule: "Événements décidés par cette règle",
  ignored: "ignorée : une autre règle a le même identifiant",
  asYaml: "En YAML",
  inFiles: "Dans vos fichiers",
  inFilesHint: (rules, path) =>
    html`${plural(rules, { one: "# règle", other: "# règles" })} dans ${path}, à modifier là`,
  fileRules: "Règles des fichiers",
  history: "Historique",
  historyTable: "Historique des règles enregistrées",
  when: "Quand",
  who: "Qui",
  what: "Quoi",
  asItWas: "Avant",
  asSaved: "Après",
  editVersion: "Modifier cette version",
  editRuleAsOf: (rule, at) => `Modifier ${rule}, version du ${at}`,
  noSavedRule: (id) => `Aucune règle enregistrée ne s’appelle ${id}.`,
  versionGone: "Cette version n’est plus conservée.",
  notSaved: "Non enregistré.",
  editorLead: "testée sur les événements passés pendant la saisie.",
  inYaml: "Règle, en YAML",
  testAgainst: "Tester sur",
  scopeNewest: (n) => `les ${count(n)} refus les plus récents`,
  scopeUndecided: (n) => `les ${count(n)} plus récents sans règle`,
  test: "Tester",
  savedAppliesToNew:
    "Une règle enregistrée s’applique aux nouveaux événements. Les versions antérieures sont conservées.",
  testResult: "Résultat du test",
  howTo:
    "Saisissez les mots communs à ces réponses et choisissez le motif. Pendant la saisie, la règle est vérifiée et testée sur le journal ; le résultat apparaît ici.",
  cannotBeSaved: "Cette règle ne peut pas être enregistrée.",
  savableWithWarnings: "Cette règle peut être enregistrée, avec des avertissements.",
  valid: "La règle est valide.",
  error: "Erreur",
  warning: "Avertissement",
  decides: (decided, tried) => `Décide ${count(decided)} sur ${plural(tried, { one: "# refus", other: "# refus" })}`,
  decidesUndecided: (decided, tried) =>
    `Décide ${count(decided)} sur ${plural(tried, { one: "# refus", other: "# refus" })} sans règle`,
  stays: (reason) => `Reste : ${reason}`,
  conditions: "Conditions",
  phrases: "Expressions",
  reasons: "Motifs",
  phrasesHint: html`La casse, les accents, la ponctuation et les retours à la ligne sont ignorés. Une adresse correspond
    au mot <code>@</code>.`,
  grammarAny: "le texte contient une de ces expressions",
  grammarAll: "il les contient toutes ; il n’en contient aucune",
  grammarProvider: "qui a refusé, par l’identifiant de la page Codes",
  grammarHost: "cet hôte ou domaine, ou en dessous",
  grammarReporter: "qui a écrit le rapport",
  grammarPattern: "une expression régulière sur le texte en minuscules",
  phraseAlternative: "une parmi plusieurs ; une vide est facultative",
  phraseUser: "tout mot désignant un utilisateur",
  phraseBeginning: "tout mot commençant ainsi",
  phraseBetween: "jusqu’à 12 mots entre",
};
