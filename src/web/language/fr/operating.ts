/** Queues, set-up and the API reference, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_OPERATING: Catalogue["operating"] = {
  queuesLead: "Tâches dans Redis et leurs consommateurs.",
  allJobs: "Toutes les tâches",
  redriven: (n) =>
    plural(n, { one: "# message remis dans la file d’entrée.", other: "# messages remis dans la file d’entrée." }),
  noRedis: "Ce processus n’a pas de connexion à Redis.",
  intake: "Entrée",
  intakeLead: "Messages acceptés pas encore classés.",
  output: "Résultats",
  outputLead: "Pour vos programmes, une file par résultat.",
  own: "Interne",
  ownLead: "Journal, webhooks et transfert.",
  feed: "Flux",
  feedLead: "Changements de la liste d’exclusion et alertes.",
  queue: "File",
  waiting: "En attente",
  oldest: "Plus ancienne",
  active: "Actives",
  failed: "Échecs",
  consumers: "Consommateurs",
  paused: "en pause",
  quarantine: "Quarantaine",
  retryAll: "Tout réessayer",
  retry: "Réessayer",
  quarantineText: "Messages qui n’ont pas pu être traités. Ils sont conservés, et chacun peut être traité de nouveau.",
  quarantineTable: "Messages en quarantaine",
  since: "Depuis",
  forWhom: "Pour",
  why: "Pourquoi",
  tries: "Essais",
  unknown: "inconnu",
  checks: "Vérifications",
  checksOf: html`les vérifications de <code>bounced doctor</code>`,
  runAgain: "Relancer",
  runChecks: "Lancer les vérifications",
  testRefused: (message) => `Le récepteur SMTP a refusé le bounce d’essai : ${message}`,
  setupLead: html`Les vérifications de <code>bounced doctor</code>, les Return-Paths et un bounce d’essai.`,
  noPassword: html`Aucun mot de passe administrateur n’est défini. <code>bounced token password</code> en définit un ;
    d’ici là, <code>bounced token link</code> et chaque démarrage du service affichent un lien de connexion à usage
    unique.`,
  configuration: "Configuration",
  domains: "Domaines",
  mxRecord: "Enregistrement MX",
  thisMachine: "cette machine",
  listener: "Récepteur SMTP",
  returnPaths: "Return-Paths",
  returnPathsSigned: "signés : les bounces falsifiés sont reconnus",
  unsignedMail: "Courrier non signé",
  refused: "refusé",
  acceptedUnproven: "accepté comme non prouvé ; n’exclut personne",
  makePath: "Un Return-Path pour un destinataire",
  needsKey: html`La signature demande une clé. Donnez à <code>BOUNCED_SECRET</code> une longue chaîne aléatoire et
    redémarrez.`,
  create: "Créer",
  testBounce: "Bounce d’essai",
  sendTest: "Envoyer un bounce d’essai",
  testText:
    "Envoie un bounce par SMTP au récepteur et suit son classement. Un bounce d’essai n’entre ni dans le journal, ni dans les statistiques, ni dans la liste d’exclusion, ni dans vos files.",
  testAccepted: (path) => html`Le récepteur SMTP l’a accepté pour ${path}.`,
  testWaiting: "En attente de son classement.",
  testNoScript:
    "Sans JavaScript, cette page ne peut pas montrer le résultat ; la page Files d’attente indique s’il attend.",
  testRecorded: (severity, reason) =>
    html`Classé ${severity} pour le motif ${reason}, et transmis au journal et à sa base. Les vrais bounces suivent le
    même chemin.`,
  testMisread: "Il n’a pas été classé comme hard bounce. Vérifiez vos propres règles.",
  testNotRecorded: (seconds) =>
    html`Il a été classé, mais n’a pas atteint le journal en ${seconds} secondes. Le rôle
      <code>record</code> fonctionne-t-il ?`,
  testNotClassified: (seconds) =>
    html`Il a été accepté, mais pas classé en ${seconds} secondes. Le rôle <code>worker</code> fonctionne-t-il ?`,
  stepDns: "DNS : les bounces atteignent cette machine",
  stepListener: "Récepteur SMTP et TLS : le courrier est accepté",
  stepReturnPaths: "Return-Paths : les bounces falsifiés sont reconnus",
  stepStorage: "Redis, journal et disque : rien ne se perd",
  stepRest: "Règles, accès et webhooks",
  countPassed: (n) => `${count(n)} réussies`,
  countWarnings: (n) => plural(n, { one: "# avertissement", other: "# avertissements" }),
  countFailed: (n) => `${count(n)} échouées`,
  checkedAgain: "Vérifié de nouveau toutes les 30 secondes tant que cette page est ouverte.",
  toDo: (n) => `${count(n)} à faire`,
  countChecks: (n) => plural(n, { one: "# vérification", other: "# vérifications" }),
  markOk: "réussie",
  markWarn: "avertissement",
  markFail: "échec",
  markSkip: "non effectuée",
  reference: "Référence de l’API",
  referenceLead: html`Les requêtes portent <code>Authorization: Bearer TOKEN</code> ;
    <code>bounced token create</code> crée un jeton. Les erreurs sont en <code>application/problem+json</code>.`,
  openapi: "Document OpenAPI",
  asyncapi: "Document AsyncAPI",
  referenceNoScript: "La liste des opérations demande JavaScript. Le document OpenAPI contient la même chose.",
  operations: "Opérations",
};
