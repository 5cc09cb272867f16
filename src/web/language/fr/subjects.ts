/** Pages of a recipient, a mail, a domain, a provider, a sending address, a tag, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_SUBJECTS: Catalogue["subjects"] = {
  domain: "Domaine du destinataire",
  provider: "Fournisseur",
  senderDomain: "Domaine d’envoi",
  sendingAddress: "Adresse IP d’envoi",
  tag: "Tag",
  domains: "Domaines des destinataires",
  providers: "Fournisseurs",
  senderDomains: "Domaines d’envoi",
  sendingAddresses: "Adresses IP d’envoi",
  tags: "Tags",
  estimated: (share) => `Les listes sont estimées d’après les ${share} les plus récents de la période.`,
  domainListed: (time, actor, link) =>
    html`Le domaine entier est sur la liste d’exclusion depuis ${time}, ajouté par ${actor}. ${link("Son historique")}`,
  noEvents: "Aucun événement sur cette période",
  noEventsText: (link) =>
    html`Rien de crédible n’est revenu. Choisissez une période plus longue ou consultez
    ${link("tous les événements du journal")}.`,
  newest: "Événements récents",
  showAllInLog: "Tout afficher dans le journal",
  showInLog: "Afficher dans le journal",
  codesAndRules: "ses codes et règles",
  responses: "Ce que disent les serveurs",
  responsesHint: (n) => `dans les ${count(n)} bounces et retards les plus récents`,
  serverResponses: "Réponses des serveurs",
  serverResponse: "Réponse du serveur",
  reason: "Motif",
  mail: (id) => html`Message ${id}`,
  nothingCameBack: "Rien n’est revenu pour ce message",
  nothingCameBackText: "Le journal n’a aucun événement dont le message d’origine porte ce Message-ID.",
  from: "De",
  date: "Date",
  notKnown: "inconnu",
  cameBack: "Renvoyé",
  eventsOfRecipients: (events, recipients) =>
    `${plural(events, { one: "# événement", other: "# événements" })} de ${plural(recipients, { one: "# destinataire", other: "# destinataires" })} :`,
  recipientAt: (domain) => html`Destinataire chez ${domain}`,
  showEvent: "Afficher l’événement",
  list: "Liste",
  changedBy: (change, actor) => `${change} par ${actor}`,
  nothingKnown: "On ne sait rien de cette adresse",
  nothingKnownText: "Le journal n’a aucun événement à son sujet, et la liste d’exclusion ne l’a jamais contenue.",
  timeline: "Tout ce qui s’est passé",
  newestOnly: (n) => `les ${count(n)} événements les plus récents`,
  moreAlike: (n, since) =>
    html`${plural(n, { one: "# événement antérieur", other: "# événements antérieurs" })} de ce type, depuis ${since}`,
};
