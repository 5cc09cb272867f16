/** Comparing two periods, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_COMPARE: Catalogue["compare"] = {
  title: "Comparer",
  lead: (period, before) => `${period} face à ${before}`,
  form: "Comparer deux périodes",
  choices: "Période, comparée à la précédente",
  periods: {
    today: "Aujourd’hui",
    yesterday: "Hier",
    "this-week": "Cette semaine",
    "last-week": "La semaine dernière",
    "this-month": "Ce mois-ci",
    "last-month": "Le mois dernier",
  },
  by: "Comparer par",
  dimensions: {
    severity: "Gravité",
    kind: "Type",
    reason: "Motif",
    fault: "Cause",
    provider: "Fournisseur",
    domain: "Domaine du destinataire",
    tag: "Tag",
    senderDomain: "Domaine d’envoi",
    sendingAddress: "Adresse IP d’envoi",
    rule: "Règle",
    authenticity: "Authenticité",
  },
  anyPeriods: "Deux périodes au choix",
  dates: { from: "Du jour (UTC)", to: "Au jour (UTC)", beforeFrom: "Face à, du jour", beforeTo: "Face à, au jour" },
  button: "Comparer",
  order: "Ordre",
  orders: { grew: "ce qui a augmenté", fell: "ce qui a baissé", count: "le plus d’événements" },
  all: "Tout",
  events: "Événements",
  before: "Avant",
  change: "Évolution",
  ofSends: "Des envois",
  ofSendsBefore: "Avant",
  eachStep: { hour: "Chaque heure", day: "Chaque jour" },
  about: (events) => `environ ${events}`,
  ofThatMany: (sends) => plural(sends, { one: "sur # envoi", other: "sur # envois" }),
  isNew: "nouveau",
  byChance: "le hasard l’explique",
  beyondChance: { grew: "hausse au-delà du hasard", fell: "baisse au-delà du hasard" },
  chart: (name, now, before) => `${name} : ${now} ; avant : ${before}`,
  atMost: (events) => `au plus ${count(events)}`,
  notNamed: "non indiqué",
  notRecognised: "non reconnu",
  more: "Il y a plus de valeurs : un filtre ou un autre ordre en montre d’autres.",
  notOver: {
    hour: "La période n’est pas finie : elle compte jusqu’à sa dernière heure entière, et la précédente jusqu’au même point.",
    day: "La période n’est pas finie : elle compte jusqu’à son dernier jour entier, et la précédente jusqu’au même point.",
  },
  keptFrom: (time) => `Le journal n’a pas d’événements antérieurs au ${time}.`,
  leftOut: (kinds) => html`Non conservés aussi longtemps, et non comptés : ${kinds}.`,
  unequal: (days, daysBefore) => `Les périodes durent ${days} et ${daysBefore} : les évolutions sont par jour.`,
  days: (days) => plural(days, { one: "# jour", other: "# jours" }),
  nothingBefore: "Il n’y a rien à comparer : le journal n’a rien de la période précédente.",
  estimated: (share, shareBefore) =>
    `Aucun décompte n’est tenu pour ce filtre et cette dimension : les chiffres sont estimés d’après les ${share} et ${shareBefore} les plus récents des périodes.`,
  bySends: "Là où les envois sont connus, les évolutions sont celles de la part de ce qui a été envoyé.",
  notYet: {
    title: "Rien à compter pour l’instant",
    hour: "Cette période n’a pas encore d’heure entière.",
    day: "Les événements de ce filtre se comptent par jour, et cette période n’a pas encore de jour entier.",
    lastWeek: "Comparer la semaine dernière",
  },
  empty: {
    title: "Aucun événement sur les deux périodes",
    text: "Choisissez des périodes plus longues ou moins de filtres.",
  },
};
