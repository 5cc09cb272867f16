/** Pages of a recipient, a mail, a domain, a provider, a sending address, a tag, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");

export const SPANISH_SUBJECTS: Catalogue["subjects"] = {
  domain: "Dominio del destinatario",
  provider: "Proveedor",
  senderDomain: "Dominio de envío",
  sendingAddress: "Dirección IP de envío",
  tag: "Etiqueta",
  domains: "Dominios de destinatarios",
  providers: "Proveedores",
  senderDomains: "Dominios de envío",
  sendingAddresses: "Direcciones IP de envío",
  tags: "Etiquetas",
  estimated: (share) => `Las listas se estiman con el ${share} más reciente del período.`,
  domainListed: (time, actor, link) =>
    html`El dominio entero está en la lista de exclusión desde ${time}, añadido por ${actor}. ${link("Su historial")}`,
  noEvents: "Ningún evento en este período",
  noEventsText: (link) =>
    html`No volvió nada creíble. Se puede elegir un período más largo o ver ${link("todos los eventos del registro")}.`,
  newest: "Eventos más recientes",
  showAllInLog: "Ver todo en el registro",
  showInLog: "Ver en el registro",
  codesAndRules: "sus códigos y reglas",
  responses: "Qué dicen los servidores",
  responsesHint: (n) => `en los ${count(n)} rebotes y retrasos más recientes`,
  serverResponses: "Respuestas de servidores",
  serverResponse: "Respuesta del servidor",
  reason: "Motivo",
  mail: (id) => html`Mensaje ${id}`,
  nothingCameBack: "Nada volvió de este mensaje",
  nothingCameBackText: "El registro no tiene ningún evento cuyo mensaje original lleve este Message-ID.",
  from: "De",
  date: "Fecha",
  notKnown: "desconocido",
  cameBack: "Devuelto",
  eventsOfRecipients: (events, recipients) =>
    `${plural(events, { one: "# evento", other: "# eventos" })} de ${plural(recipients, { one: "# destinatario", other: "# destinatarios" })}:`,
  recipientAt: (domain) => html`Destinatario en ${domain}`,
  showEvent: "Ver el evento",
  list: "Lista",
  changedBy: (change, actor) => `${change} por ${actor}`,
  nothingKnown: "No se sabe nada de esta dirección",
  nothingKnownText: "El registro no tiene ningún evento de ella, y nunca estuvo en la lista de exclusión.",
  timeline: "Todo lo ocurrido",
  newestOnly: (n) => `los ${count(n)} eventos más recientes`,
  moreAlike: (n, since) =>
    html`${plural(n, { one: "# evento anterior", other: "# eventos anteriores" })} como este, desde ${since}`,
};
