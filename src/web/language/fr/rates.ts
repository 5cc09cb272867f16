/** Rates of what was sent, and holds, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_RATES: Catalogue["rates"] = {
  bounce: "Bounces",
  hard: "Hard bounces",
  block: "Blocages",
  deferral: "Retards",
  complaint: "Plaintes",
  sent: "Envoyés",
  delivered: (n) => `${count(n)} livrés`,
  withoutBlocks: (n) => `${count(n)}, hors blocages`,
  ofAttempts: (n) => `${count(n)} de toutes les tentatives`,
  aboveLine: (by, rate) => `au-dessus du seuil de ${by} (${rate})`,
  dimensionProvider: "Fournisseur",
  dimensionDomain: "Domaine du destinataire",
  dimensionTag: "Tag",
  dimensionSenderDomain: "Domaine d’envoi",
  dimensionSendingAddress: "Adresse d’envoi",
  byProvider: "par fournisseur",
  byDomain: "par domaine du destinataire",
  byTag: "par tag",
  bySenderDomain: "par domaine d’envoi",
  bySendingAddress: "par adresse d’envoi",
  notRecognised: "non reconnu",
  by: "Taux par",
  hours24: "24 heures",
  notReported: "Vos systèmes d’envoi ne le signalent pas.",
  ofSentHours: "Sur ce qui a été envoyé ces 24 dernières heures",
  ofSentDays: (days) => `Sur ce qui a été envoyé ces ${count(days)} derniers jours`,
  noSends: "Aucun envoi connu sur cette période",
  noSendsText: html`Un taux suppose de connaître les livraisons. Signalez-les aussi : laissez bounced suivre le journal
    de votre serveur de messagerie, choisissez les livraisons dans le webhook de votre fournisseur, ou envoyez-les à
    <code>/v1/refusals</code>. D’ici là, l’aperçu montre des parts du courrier renvoyé.`,
  eventsInLog: "Événements dans le journal",
  bouncesInLog: "Bounces dans le journal",
  delays: "Retards",
  cameBack: (name) => `Courrier renvoyé : ${name}`,
  codesOfProvider: "Codes de ce fournisseur",
  holds: "Taux au-dessus de leur seuil",
  holdsHint: "un système d’envoi qui les consulte s’arrête ; bounced n’arrête rien lui-même",
  since: (time) => html`depuis ${time}`,
  itsRates: "ses taux",
  moreHolds: (n) => `et ${plural(n, { one: "# autre", other: "# autres" })} : /v1/holds`,
};
