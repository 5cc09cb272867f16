/** Rates of what was sent, and holds, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count } = speechOf("es");

export const SPANISH_RATES: Catalogue["rates"] = {
  bounce: "Rebotes",
  hard: "Rebotes duros",
  block: "Bloqueos",
  deferral: "Retrasos",
  complaint: "Quejas",
  sent: "Enviados",
  delivered: (n) => `${count(n)} entregados`,
  withoutBlocks: (n) => `${count(n)}, sin bloqueos`,
  ofAttempts: (n) => `${count(n)} de todos los intentos`,
  aboveLine: (by, rate) => `por encima del límite de ${by} (${rate})`,
  dimensionProvider: "Proveedor",
  dimensionDomain: "Dominio del destinatario",
  dimensionTag: "Etiqueta",
  dimensionSenderDomain: "Dominio de envío",
  dimensionSendingAddress: "Dirección de envío",
  byProvider: "por proveedor",
  byDomain: "por dominio del destinatario",
  byTag: "por etiqueta",
  bySenderDomain: "por dominio de envío",
  bySendingAddress: "por dirección de envío",
  notRecognised: "no reconocido",
  by: "Tasas por",
  hours24: "24 horas",
  notReported: "Los sistemas de envío no lo comunican.",
  ofSentHours: "De lo enviado en las últimas 24 horas",
  ofSentDays: (days) => `De lo enviado en los últimos ${count(days)} días`,
  noSends: "No se conoce ningún envío en este período",
  noSendsText: html`Una tasa requiere conocer las entregas. También deben comunicarse: bounced puede seguir el registro
    del servidor de correo, el webhook del proveedor puede incluir entregas, o pueden enviarse a
    <code>/v1/refusals</code>. Hasta entonces, el resumen muestra partes de lo devuelto.`,
  eventsInLog: "Eventos en el registro",
  bouncesInLog: "Rebotes en el registro",
  delays: "Retrasos",
  cameBack: (name) => `Devuelto: ${name}`,
  codesOfProvider: "Códigos de este proveedor",
  holds: "Tasas por encima de su límite",
  holdsHint: "un sistema de envío que los consulta se detiene; bounced no detiene nada por sí mismo",
  since: (time) => html`desde ${time}`,
  itsRates: "sus tasas",
  moreHolds: (n) => `y ${count(n)} más: /v1/holds`,
};
