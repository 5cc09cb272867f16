/** The pages of incidents, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");
const withCode = (words: string, status: string | null): string => (status === null ? words : `${words} (${status})`);

export const FRENCH_INCIDENTS: Catalogue["incidents"] = {
  title: "Incidents",
  lead: "Des échecs de même cause qui ont augmenté au-delà du hasard, chez un fournisseur ou chez plusieurs. Seuls les événements crédibles comptent.",
  filter: "Quels incidents",
  all: "Tous",
  open: "Ouverts",
  cleared: "Terminés",
  older: "Plus anciens",
  none: "Aucun incident",
  noneOpen: "Aucun incident ouvert",
  noneText:
    "Toutes les cinq minutes, les échecs de la dernière heure sont comparés à ceux de la semaine précédente. Quand ils augmentent au-delà du hasard, un incident apparaît ici, avec sa cause, son étendue et la marche à suivre.",
  openNow: "Incidents ouverts",
  showAll: "Tous les incidents",
  itsIncident: "son incident",
  at: {
    one: {
      refuses: (name, status) => withCode(`${name} refuse des messages`, status),
      delays: (name, status) => withCode(`${name} retarde des messages`, status),
    },
    many: {
      refuses: (providers, status) => withCode(`${count(providers)} fournisseurs refusent des messages`, status),
      delays: (providers, status) => withCode(`${count(providers)} fournisseurs retardent des messages`, status),
    },
    other: {
      refuses: (status) => withCode("Des serveurs de fournisseurs inconnus refusent des messages", status),
      delays: (status) => withCode("Des serveurs de fournisseurs inconnus retardent des messages", status),
    },
  },
  since: (time) => html`Depuis ${time}`,
  between: (from, to) => html`De ${from}, terminé à ${to}`,
  only: {
    tag: (value) => html`Seulement les messages portant le tag ${value}.`,
    senderDomain: (value) => html`Seulement les messages de ${value}.`,
    sender: (value) => html`Seulement les messages de l’expéditeur ${value}.`,
    sendingAddress: (value) => html`Seulement les messages envoyés par ${value}.`,
    domain: (value) => html`Seulement les messages vers des adresses de ${value}.`,
  },
  mostly: {
    tag: (value) => html`Surtout les messages portant le tag ${value}.`,
    senderDomain: (value) => html`Surtout les messages de ${value}.`,
    sender: (value) => html`Surtout les messages de l’expéditeur ${value}.`,
    sendingAddress: (value) => html`Surtout les messages envoyés par ${value}.`,
    domain: (value) => html`Surtout les messages vers des adresses de ${value}.`,
  },
  notAt: (providers) => html`Rien chez ${providers}.`,
  events: (events) => plural(events, { one: "# événement", other: "# événements" }),
  eventsName: "Événements",
  provenShare: (share) => `${share} prouvés`,
  addressesName: "Adresses",
  notSuppressed: (addresses) => plural(addresses, { one: "# non exclue", other: "# non exclues" }),
  addressesNotSuppressed: (addresses) =>
    plural(addresses, { one: "# adresse non exclue", other: "# adresses non exclues" }),
  atLeast: (number) => `au moins ${number}`,
  rateName: "Taux d’échec",
  rateOf: (failed, sent) => `${count(failed)} sur ${count(sent)} lors de la détection`,
  rateBefore: (rate) => `${rate} avant`,
  usualName: "Habituel",
  usual: (perHour) => `${perHour} par heure`,
  showInLog: "Voir dans le journal",
  whatToDo: "Que faire",
  usualCause: "Cause habituelle",
  providersMistake:
    "D’autres fournisseurs acceptent les mêmes messages : cherchez une panne chez ce fournisseur avant de retirer des adresses. N’y envoyez plus rien et annulez les exclusions faites depuis le début.",
  changedSince: "Modifications de la liste",
  chart: "Échecs par heure",
  chartOf: (hours) =>
    plural(hours, { one: "chaque barre représente # heure (UTC)", other: "chaque barre représente # heures (UTC)" }),
  opened: "Ouvert",
  scope: "Ce qu’ils ont en commun",
  scopeNote: "Part de l’incident à côté de la part de tous les messages des mêmes heures.",
  scopeNone: "Rien : aucun tag, expéditeur ou domaine ne ressort.",
  what: "Quoi",
  ofIncident: "De l’incident",
  ofMail: "De tous les messages",
  unknownShare: "inconnue",
  extent: { only: "seulement", mostly: "surtout" },
  dimension: {
    tag: "Tag",
    senderDomain: "Domaine d’envoi",
    sender: "Expéditeur",
    sendingAddress: "Adresse IP d’envoi",
    domain: "Domaine du destinataire",
  },
  providers: "Fournisseurs",
  statuses: "Codes de statut",
  texts: "Ce que disent les serveurs",
  textsNote: "Adresses, hôtes et identifiants sont masqués. Les nombres sont ceux d’un échantillon.",
  history: "Historique et notes",
  entry: {
    opened: "Ouvert : les échecs ont augmenté au-delà du hasard",
    reopened: "Rouvert : les échecs sont revenus",
    cleared: {
      quiet: "Terminé : les échecs sont redevenus habituels",
      silent: "Terminé : trop peu de messages pendant un jour pour en savoir plus",
      usual: "Terminé après 30 jours : c’est devenu habituel",
    },
    byHand: { closed: "Terminé à la main", reopened: "Rouvert à la main" },
    merged: (other) => html`Intégré à ${other}`,
  },
  otherIncident: "un autre incident",
  noteLabel: "Note",
  noteHint: "Ce qui a été fait, et par qui. Toute personne qui peut se connecter la lit.",
  addNote: "Ajouter la note",
  close: "Terminer l’incident",
  reopen: "Rouvrir l’incident",
  moveHint: {
    close:
      "Son alerte prend fin aussi. Les mêmes échecs ne le rouvrent pas pendant un jour, quel que soit leur nombre.",
    reopen: "Il se termine de nouveau quand les échecs cessent.",
  },
  done: {
    noted: "La note a été ajoutée.",
    full: "Cet incident a autant de notes qu’il peut en avoir.",
    closed: "L’incident est terminé.",
    reopened: "L’incident est rouvert.",
    already: "Il est déjà dans cet état.",
    taken: "Un autre incident de cette cause est ouvert.",
    old: "Il a commencé il y a plus de 30 jours : il reste terminé.",
  },
};
