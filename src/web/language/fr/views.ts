/** Saved views, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

const hoursOf = (hours: number): string => plural(hours, { one: "la dernière heure", other: "les # dernières heures" });

export const FRENCH_VIEWS: Catalogue["views"] = {
  title: "Vues enregistrées",
  lead: "Des recherches avec un nom, pour tous ceux qui se connectent ici.",
  menu: "Vues",
  all: "Toutes les vues",
  saveThis: "Enregistrer cette vue",
  edit: "Modifier",
  editNamed: (name) => `Modifier ${name}`,
  removeNamed: (name) => `Retirer ${name}`,
  saved: "La vue a été enregistrée.",
  removed: "La vue a été retirée.",
  sent: "Le message a été envoyé.",
  sendNow: "Envoyer maintenant",
  sendNamed: (name) => `Envoyer maintenant le message de ${name}`,
  none: "Aucune vue enregistrée",
  noneText: "Cherchez dans le journal ou comparez deux périodes, et choisissez-y « Enregistrer cette vue ».",
  name: "Nom",
  page: "Page",
  pages: { log: "Journal", rates: "Taux", compare: "Comparer" },
  filter: "Filtre",
  everything: "tout",
  savedBy: "Enregistrée par",
  actions: "Actions",
  newView: "Enregistrer une vue",
  editView: "Modifier la vue",
  button: "Enregistrer la vue",
  cancel: "Annuler",
  alert: "Alerte",
  alertHelp:
    "Compté toutes les cinq minutes. L’alerte va à la file alert et aux webhooks avec alertes ; un second message en annonce la fin.",
  alerts: { none: "pas d’alerte", more: "plus d’événements qu’un nombre", grew: "hausse au-delà du hasard" },
  events: "Événements",
  hours: "Dans les dernières heures",
  moreThan: (events, hours) => `plus de ${count(events)} dans ${hoursOf(hours)}`,
  grewIn: (hours) => `hausse dans ${hoursOf(hours)}`,
  openSince: (time) => html`ouverte depuis ${time}`,
  mail: "Message hebdomadaire",
  mailHelp: "À ces adresses, séparées par des virgules. Vide : aucun message.",
  noRelay: "Aucun message n’est encore envoyé : bounced.yaml n’a pas de relais (mail.relay).",
  filterMistake: "La page n’accepte plus ce filtre : retirez la vue et enregistrez-la de nouveau",
  mailTo: "Destinataires",
  weekday: "Jour",
  weekdays: {
    monday: "lundi",
    tuesday: "mardi",
    wednesday: "mercredi",
    thursday: "jeudi",
    friday: "vendredi",
    saturday: "samedi",
    sunday: "dimanche",
  },
  hour: "Heure",
  timeZone: "Fuseau horaire",
  mailWhen: (day, hour, zone) => `${day}, ${hour}, ${zone}`,
  mailSent: (time) => html`dernier envoi ${time}`,
  mailFailed: (why) => html`non envoyé : ${why}`,
};
