/** The overview, and the charts and rankings that other pages share, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");

export const SPANISH_OVERVIEW: Catalogue["overview"] = {
  lead: (days) => `Últimos ${count(days)} días (UTC)`,
  ratesByProvider: "Tasas por proveedor",
  otherRates: "por etiqueta, dominio y dirección de envío",
  reasons: "Motivos",
  findRecipient: "Buscar un destinatario: dirección o parte de ella",
  searchLog: "Buscar en el registro",
  emptyTitle: (days) => `Ningún correo devuelto en los últimos ${count(days)} días`,
  emptyText:
    "El Return-Path del correo debe ser una dirección del dominio de rebotes. El correo devuelto aparece entonces aquí, clasificado y explicado. La página Instalación comprueba el DNS y el receptor SMTP, y envía un rebote de prueba.",
  goToSetup: "Ir a la instalación",
  eventsPerDay: "Eventos por día",
  eventsPerDayBy: "Eventos por día según",
  bySeverity: "por gravedad",
  byReason: "por motivo",
  chartBySeverity: "Eventos por día según la gravedad",
  chartByReason: "Eventos por día según el motivo",
  others: "Otros",
  noneInPeriod: "Ninguno en este período.",
  shareOfAll: (share) => `${share} del total`,
  eventsOf: (n, what) => `${plural(n, { one: "# evento", other: "# eventos" })}: ${what}`,
  blockRate: "Tasa de bloqueo por proveedor",
  blockRateHint: "bloqueos como parte de sus respuestas",
  noBlocks: "Ningún bloqueo en este período.",
  blocksOf: (blocks, events) =>
    `${plural(blocks, { one: "# bloqueo", other: "# bloqueos" })} de ${plural(events, { one: "# evento", other: "# eventos" })}`,
  alert: "alerta",
  alerts: "Alertas",
  todayCount: (n) => `${count(n)} hoy`,
  waiting: "En espera en las colas",
  redisDown: "No se puede conectar con Redis",
  waitingOwn: (n) => `${count(n)} para bounced`,
  waitingOwnOldest: (n, age) => `${count(n)} para bounced, el más antiguo ${age}`,
  waitingElsewhere: (n) => `${count(n)} para sus programas`,
  inQuarantine: (n) => `${count(n)} en cuarentena`,
  suppressed: "Direcciones excluidas",
  newIn: (n, days) => `${plural(n, { one: "# nueva", other: "# nuevas" })} en ${count(days)} días`,
  newPerDay: "Entradas nuevas por día",
  unmatched: "Sin regla coincidente",
  ofRefusals: (n) => plural(n, { one: "de # rebote o retraso", other: "de # rebotes y retrasos" }),
  whichCounted: "Qué eventos se cuentan",
  eventsCounted: "Eventos contados",
  countsCredible: "creíbles",
  countsAll: "todos",
  notCounted: (n, link) =>
    html`${link(plural(n, { one: "# evento no probado o falsificado", other: "# eventos no probados o falsificados" }))}
    sin contar: cualquiera puede enviar tales informes, por eso no cambian nada ni ninguna cifra.`,
  countedToo: (n, link) =>
    html`Las cifras incluyen
    ${link(plural(n, { one: "# evento no probado o falsificado", other: "# eventos no probados o falsificados" }))}, que
    cualquiera pudo enviar.`,
  whatIsCredible: (link) => html`El correo devuelto es creíble si llega a un ${link("Return-Path firmado")}.`,
};
