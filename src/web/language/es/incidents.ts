/** The pages of incidents, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");
const withCode = (words: string, status: string | null): string => (status === null ? words : `${words} con ${status}`);

export const SPANISH_INCIDENTS: Catalogue["incidents"] = {
  title: "Incidentes",
  lead: "Fallos de una misma causa que aumentaron más allá del azar, en un proveedor o en varios. Solo cuentan los eventos creíbles.",
  filter: "Qué incidentes",
  all: "Todos",
  open: "Abiertos",
  cleared: "Terminados",
  older: "Anteriores",
  none: "Ningún incidente",
  noneOpen: "Ningún incidente abierto",
  noneText:
    "Cada cinco minutos se comparan los fallos de la última hora con los de la semana anterior. Cuando aumentan más allá del azar, aquí aparece un incidente, con su causa, su alcance y qué hacer.",
  openNow: "Incidentes abiertos",
  showAll: "Todos los incidentes",
  itsIncident: "su incidente",
  at: {
    one: {
      refuses: (name, status) => withCode(`${name} rechaza correo`, status),
      delays: (name, status) => withCode(`${name} retrasa correo`, status),
    },
    many: {
      refuses: (providers, status) => withCode(`${count(providers)} proveedores rechazan correo`, status),
      delays: (providers, status) => withCode(`${count(providers)} proveedores retrasan correo`, status),
    },
    other: {
      refuses: (status) => withCode("Servidores de proveedores desconocidos rechazan correo", status),
      delays: (status) => withCode("Servidores de proveedores desconocidos retrasan correo", status),
    },
  },
  since: (time) => html`Desde ${time}`,
  between: (from, to) => html`Desde ${from}, terminado a las ${to}`,
  only: {
    tag: (value) => html`Solo correo con la etiqueta ${value}.`,
    senderDomain: (value) => html`Solo correo de ${value}.`,
    sender: (value) => html`Solo correo del remitente ${value}.`,
    sendingAddress: (value) => html`Solo correo enviado por ${value}.`,
    domain: (value) => html`Solo correo a direcciones de ${value}.`,
  },
  mostly: {
    tag: (value) => html`Sobre todo correo con la etiqueta ${value}.`,
    senderDomain: (value) => html`Sobre todo correo de ${value}.`,
    sender: (value) => html`Sobre todo correo del remitente ${value}.`,
    sendingAddress: (value) => html`Sobre todo correo enviado por ${value}.`,
    domain: (value) => html`Sobre todo correo a direcciones de ${value}.`,
  },
  notAt: (providers) => html`Nada en ${providers}.`,
  events: (events) => plural(events, { one: "# evento", other: "# eventos" }),
  eventsName: "Eventos",
  provenShare: (share) => `${share} probados`,
  addressesName: "Direcciones",
  notSuppressed: (addresses) => plural(addresses, { one: "# sin suprimir", other: "# sin suprimir" }),
  addressesNotSuppressed: (addresses) =>
    plural(addresses, { one: "# dirección sin suprimir", other: "# direcciones sin suprimir" }),
  atLeast: (number) => `al menos ${number}`,
  rateName: "Tasa de fallos",
  rateOf: (failed, sent) => `${count(failed)} de ${count(sent)} cuando se encontró`,
  rateBefore: (rate) => `antes ${rate}`,
  usualName: "Habitual",
  usual: (perHour) => `${perHour} por hora`,
  showInLog: "Ver en el registro",
  whatToDo: "Qué hacer",
  usualCause: "Causa habitual",
  providersMistake:
    "Otros proveedores aceptan el mismo correo: busque una avería en este proveedor antes de quitar direcciones. Deje de enviar allí y deshaga lo suprimido desde el comienzo.",
  changedSince: "Cambios de la lista",
  chart: "Fallos por hora",
  chartOf: (hours) => plural(hours, { one: "cada barra es # hora (UTC)", other: "cada barra son # horas (UTC)" }),
  opened: "Abierto",
  scope: "Qué tienen en común",
  scopeNote: "Parte del incidente junto a la parte de todo el correo de las mismas horas.",
  scopeNone: "Nada: no destaca ninguna etiqueta, remitente ni dominio.",
  what: "Qué",
  ofIncident: "Del incidente",
  ofMail: "De todo el correo",
  unknownShare: "desconocida",
  extent: { only: "solo", mostly: "sobre todo" },
  dimension: {
    tag: "Etiqueta",
    senderDomain: "Dominio remitente",
    sender: "Remitente",
    sendingAddress: "Dirección IP de envío",
    domain: "Dominio del destinatario",
  },
  providers: "Proveedores",
  statuses: "Códigos de estado",
  texts: "Qué dicen los servidores",
  textsNote: "Direcciones, hosts e identificadores están enmascarados. Los números son de una muestra.",
  history: "Historial y notas",
  entry: {
    opened: "Abierto: los fallos aumentaron más allá del azar",
    reopened: "Reabierto: los fallos han vuelto",
    cleared: {
      quiet: "Terminado: los fallos vuelven a ser los habituales",
      silent: "Terminado: durante un día hubo muy poco correo para saber más",
      usual: "Terminado tras 30 días: ahora es lo habitual",
    },
    merged: (other) => html`Pasó a formar parte de ${other}`,
  },
  otherIncident: "otro incidente",
  noteLabel: "Nota",
  noteHint: "Qué se hizo y quién lo hizo. La leen todos los que pueden iniciar sesión.",
  addNote: "Añadir nota",
  noteAdded: "Se añadió la nota.",
  tooMany: "Este incidente tiene tantas notas como puede tener.",
};
