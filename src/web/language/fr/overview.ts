/** The overview, and the charts and rankings that other pages share, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_OVERVIEW: Catalogue["overview"] = {
  lead: (days) => `${count(days)} derniers jours (UTC)`,
  ratesByProvider: "Taux par fournisseur",
  otherRates: "par tag, domaine et adresse d’envoi",
  reasons: "Motifs",
  findRecipient: "Chercher un destinataire : adresse ou partie d’adresse",
  searchLog: "Chercher dans le journal",
  emptyTitle: (days) => `Aucun courrier renvoyé ces ${count(days)} derniers jours`,
  emptyText:
    "Donnez comme Return-Path à votre courrier une adresse de votre domaine de bounces. Le courrier renvoyé apparaît alors ici, classé et expliqué. La page Installation vérifie le DNS et le récepteur SMTP, et envoie un bounce d’essai.",
  goToSetup: "Aller à l’installation",
  eventsPerDay: "Événements par jour",
  eventsPerDayBy: "Événements par jour selon",
  bySeverity: "par gravité",
  byReason: "par motif",
  chartBySeverity: "Événements par jour selon la gravité",
  chartByReason: "Événements par jour selon le motif",
  others: "Autres",
  noneInPeriod: "Aucun sur cette période.",
  shareOfAll: (share) => `${share} du total`,
  eventsOf: (n, what) => `${plural(n, { one: "# événement", other: "# événements" })} : ${what}`,
  blockRate: "Taux de blocage par fournisseur",
  blockRateHint: "part des blocages dans ses réponses",
  noBlocks: "Aucun blocage sur cette période.",
  blocksOf: (blocks, events) =>
    `${plural(blocks, { one: "# blocage", other: "# blocages" })} sur ${plural(events, { one: "# événement", other: "# événements" })}`,
  alert: "alerte",
  alerts: "Alertes",
  todayCount: (n) => `${count(n)} aujourd’hui`,
  waiting: "En attente dans les files",
  redisDown: "Redis est injoignable",
  waitingOwn: (n) => `${count(n)} pour bounced`,
  waitingOwnOldest: (n, age) => `${count(n)} pour bounced, la plus ancienne ${age}`,
  waitingElsewhere: (n) => `${count(n)} pour vos programmes`,
  inQuarantine: (n) => `${count(n)} en quarantaine`,
  suppressed: "Adresses exclues",
  newIn: (n, days) => `${plural(n, { one: "# nouvelle", other: "# nouvelles" })} en ${count(days)} jours`,
  newPerDay: "Nouvelles entrées par jour",
  unmatched: "Sans règle correspondante",
  ofRefusals: (n) => plural(n, { one: "sur # bounce ou retard", other: "sur # bounces et retards" }),
  whichCounted: "Événements comptés",
  eventsCounted: "Événements comptés",
  countsCredible: "crédibles",
  countsAll: "tous",
  notCounted: (n, link) =>
    html`${link(plural(n, { one: "# événement non prouvé ou falsifié", other: "# événements non prouvés ou falsifiés" }))}
    hors compte : n’importe qui peut envoyer de tels rapports, ils ne changent donc rien, ni aucun chiffre.`,
  countedToo: (n, link) =>
    html`Les chiffres comprennent
    ${link(plural(n, { one: "# événement non prouvé ou falsifié", other: "# événements non prouvés ou falsifiés" }))},
    que n’importe qui a pu envoyer.`,
  whatIsCredible: (link) => html`Le courrier renvoyé est crédible s’il arrive sur un ${link("Return-Path signé")}.`,
};
