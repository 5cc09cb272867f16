/** Pages of a recipient, a mail, a domain, a provider, a sending address, a tag, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

export const GERMAN_SUBJECTS: Catalogue["subjects"] = {
  domain: "Empfängerdomain",
  provider: "Anbieter",
  senderDomain: "Absenderdomain",
  sendingAddress: "Absende-IP-Adresse",
  tag: "Kennzeichen",
  domains: "Empfängerdomains",
  providers: "Anbieter",
  senderDomains: "Absenderdomains",
  sendingAddresses: "Absende-IP-Adressen",
  tags: "Kennzeichen",
  estimated: (share) => `Die Ranglisten sind aus den neuesten ${share} des Zeitraums geschätzt.`,
  domainListed: (time, actor, link) =>
    html`Die ganze Domain steht seit ${time} auf der Sperrliste, eingetragen von: ${actor}. ${link("Verlauf")}`,
  noEvents: "Keine Ereignisse in diesem Zeitraum",
  noEventsText: (link) =>
    html`Es kam nichts Glaubwürdiges zurück. Wählen Sie einen längeren Zeitraum oder sehen Sie
    ${link("alle Ereignisse im Protokoll")} an.`,
  newest: "Neueste Ereignisse",
  showAllInLog: "Alle im Protokoll anzeigen",
  showInLog: "Im Protokoll anzeigen",
  codesAndRules: "seine Codes und Regeln",
  responses: "Was die Server antworten",
  responsesHint: (n) => `in den neuesten ${count(n)} Bounces und Verzögerungen`,
  serverResponses: "Serverantworten",
  serverResponse: "Serverantwort",
  reason: "Grund",
  mail: (id) => html`E-Mail ${id}`,
  nothingCameBack: "Zu dieser E-Mail kam nichts zurück",
  nothingCameBackText: "Das Protokoll enthält kein Ereignis, dessen Originalnachricht diese Message-ID hat.",
  from: "Von",
  date: "Datum",
  notKnown: "nicht bekannt",
  cameBack: "Zurückgekommen",
  eventsOfRecipients: (events, recipients) =>
    `${plural(events, { one: "# Ereignis", other: "# Ereignisse" })} von ${plural(recipients, { one: "# Empfänger", other: "# Empfängern" })}:`,
  recipientAt: (domain) => html`Empfänger bei ${domain}`,
  showEvent: "Ereignis anzeigen",
  list: "Liste",
  changedBy: (change, actor) => `${change}: ${actor}`,
  nothingKnown: "Zu dieser Adresse ist nichts bekannt",
  nothingKnownText: "Das Protokoll enthält kein Ereignis dazu, und auf der Sperrliste stand sie nie.",
  timeline: "Alles, was geschah",
  newestOnly: (n) => `die neuesten ${count(n)} Ereignisse`,
  moreAlike: (n, since) =>
    html`${plural(n, { one: "# früheres Ereignis", other: "# frühere Ereignisse" })} wie dieses, seit ${since}`,
};
