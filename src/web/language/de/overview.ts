/** The overview, and the charts and rankings that other pages share, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

export const GERMAN_OVERVIEW: Catalogue["overview"] = {
  lead: (days) => `Letzte ${count(days)} Tage (UTC)`,
  ratesByProvider: "Raten je Anbieter",
  otherRates: "je Kennzeichen, Domain und Absende-IP-Adresse",
  reasons: "Gründe",
  findRecipient: "Empfänger suchen: Adresse oder ein Teil davon",
  searchLog: "Protokoll durchsuchen",
  emptyTitle: (days) => `Keine Rückläufer in den letzten ${count(days)} Tagen`,
  emptyText:
    "Setzen Sie den Return-Path Ihrer E-Mails auf eine Adresse Ihrer Bounce-Domain. Rückläufer erscheinen dann hier, eingeordnet und erklärt. Die Seite Einrichtung prüft DNS und Listener und sendet einen Test-Bounce.",
  goToSetup: "Zur Einrichtung",
  eventsPerDay: "Ereignisse pro Tag",
  eventsPerDayBy: "Ereignisse pro Tag nach",
  bySeverity: "nach Schwere",
  byReason: "nach Grund",
  chartBySeverity: "Ereignisse pro Tag nach Schwere",
  chartByReason: "Ereignisse pro Tag nach Grund",
  others: "Andere",
  noneInPeriod: "Keine in diesem Zeitraum.",
  shareOfAll: (share) => `${share} von allen`,
  eventsOf: (n, what) => `${plural(n, { one: "# Ereignis", other: "# Ereignisse" })}: ${what}`,
  blockRate: "Blockierungsrate je Anbieter",
  blockRateHint: "Anteil der Blockierungen an seinen Antworten",
  noBlocks: "Keine Blockierungen in diesem Zeitraum.",
  blocksOf: (blocks, events) =>
    `${plural(blocks, { one: "# Blockierung", other: "# Blockierungen" })} bei ${plural(events, { one: "# Ereignis", other: "# Ereignissen" })}`,
  alert: "Alarm",
  alerts: "Alarme",
  todayCount: (n) => `${count(n)} heute`,
  waiting: "Wartend in Warteschlangen",
  redisDown: "Redis ist nicht erreichbar",
  waitingOwn: (n) => `${count(n)} für bounced`,
  waitingOwnOldest: (n, age) => `${count(n)} für bounced, ältester ${age}`,
  waitingElsewhere: (n) => `${count(n)} für Ihre Programme`,
  inQuarantine: (n) => `${count(n)} in Quarantäne`,
  suppressed: "Gesperrt",
  newIn: (n, days) => `${count(n)} neu in ${count(days)} Tagen`,
  newPerDay: "Neue Einträge pro Tag",
  unmatched: "Ohne passende Regel",
  ofRefusals: (n) => plural(n, { one: "von # Bounce oder Verzögerung", other: "von # Bounces und Verzögerungen" }),
  whichCounted: "Welche Ereignisse gezählt werden",
  eventsCounted: "Gezählte Ereignisse",
  countsCredible: "glaubwürdige",
  countsAll: "alle",
  notCounted: (n, link) =>
    html`${link(plural(n, { one: "# unbewiesenes oder gefälschtes Ereignis", other: "# unbewiesene oder gefälschte Ereignisse" }))}
    nicht gezählt: Solche Berichte kann jeder senden, sie ändern daher nichts und keine Zahl.`,
  countedToo: (n, link) =>
    html`Die Zahlen enthalten
    ${link(plural(n, { one: "# unbewiesenes oder gefälschtes Ereignis", other: "# unbewiesene oder gefälschte Ereignisse" }))},
    die jeder gesendet haben kann.`,
  whatIsCredible: (link) =>
    html`Rückläufer sind glaubwürdig, wenn sie an einen ${link("signierten Return-Path")} kommen.`,
};
