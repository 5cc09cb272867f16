/** Rates of what was sent, and holds, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count } = speechOf("de");

export const GERMAN_RATES: Catalogue["rates"] = {
  bounce: "Bounces",
  hard: "Hard Bounces",
  block: "Blockierungen",
  deferral: "Verzögerungen",
  complaint: "Beschwerden",
  sent: "Gesendet",
  delivered: (n) => `${count(n)} zugestellt`,
  withoutBlocks: (n) => `${count(n)}, ohne Blockierungen`,
  ofAttempts: (n) => `${count(n)} von allen Versuchen`,
  aboveLine: (by, rate) => `über der Grenze von ${by} (${rate})`,
  dimensionProvider: "Anbieter",
  dimensionDomain: "Empfängerdomain",
  dimensionTag: "Kennzeichen",
  dimensionSenderDomain: "Absenderdomain",
  dimensionSendingAddress: "Absende-IP-Adresse",
  byProvider: "je Anbieter",
  byDomain: "je Empfängerdomain",
  byTag: "je Kennzeichen",
  bySenderDomain: "je Absenderdomain",
  bySendingAddress: "je Absende-IP-Adresse",
  notRecognised: "nicht erkannt",
  by: "Raten je",
  hours24: "24 Stunden",
  notReported: "Ihre Versandsysteme melden das nicht.",
  ofSentHours: "Bezogen auf das in den letzten 24 Stunden Gesendete",
  ofSentDays: (days) => `Bezogen auf das in den letzten ${count(days)} Tagen Gesendete`,
  noSends: "Für diesen Zeitraum ist kein Versand bekannt",
  noSendsText: html`Eine Rate braucht auch die Zustellungen. Melden Sie sie ebenfalls: Lassen Sie bounced das Protokoll
    Ihres Mailservers verfolgen, wählen Sie im Webhook Ihres Anbieters auch Zustellungen, oder senden Sie sie an
    <code>/v1/refusals</code>. Bis dahin zeigt die Übersicht Anteile an den Rückläufern.`,
  eventsInLog: "Ereignisse im Protokoll",
  bouncesInLog: "Bounces im Protokoll",
  delays: "Verzögerungen",
  cameBack: (name) => `Rückläufer: ${name}`,
  codesOfProvider: "Codes dieses Anbieters",
  holds: "Raten über ihrer Grenze",
  holdsHint: "ein Versandsystem, das danach fragt, hält an; bounced selbst hält nichts an",
  since: (time) => html`seit ${time}`,
  itsRates: "die Raten dazu",
  moreHolds: (n) => `und ${count(n)} weitere: /v1/holds`,
};
