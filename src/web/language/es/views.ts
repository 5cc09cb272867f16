/** Saved views, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");

const hoursOf = (hours: number): string => plural(hours, { one: "la última hora", other: "las últimas # horas" });

export const SPANISH_VIEWS: Catalogue["views"] = {
  title: "Vistas guardadas",
  lead: "Búsquedas con nombre, para todos los que inician sesión aquí.",
  menu: "Vistas",
  all: "Todas las vistas",
  saveThis: "Guardar esta vista",
  edit: "Editar",
  editNamed: (name) => `Editar ${name}`,
  removeNamed: (name) => `Quitar ${name}`,
  saved: "Se guardó la vista.",
  removed: "Se quitó la vista.",
  sent: "Se envió el mensaje.",
  sendNow: "Enviar ahora",
  sendNamed: (name) => `Enviar ahora el mensaje de ${name}`,
  none: "Ninguna vista guardada",
  noneText: "Se busca en el registro o se comparan dos períodos, y se elige allí «Guardar esta vista».",
  name: "Nombre",
  page: "Página",
  pages: { log: "Registro", rates: "Tasas", compare: "Comparar" },
  filter: "Filtro",
  everything: "todo",
  savedBy: "Guardada por",
  actions: "Acciones",
  newView: "Guardar una vista",
  editView: "Editar la vista",
  button: "Guardar la vista",
  cancel: "Cancelar",
  alert: "Alerta",
  alertHelp:
    "Se cuenta cada cinco minutos. Va a la cola alert y a los webhooks con alertas; un segundo mensaje dice cuándo termina.",
  alerts: { none: "sin alerta", more: "más eventos que un número", grew: "creció más de lo que explica el azar" },
  events: "Eventos",
  hours: "En las últimas horas",
  moreThan: (events, hours) => `más de ${count(events)} en ${hoursOf(hours)}`,
  grewIn: (hours) => `creció en ${hoursOf(hours)}`,
  openSince: (time) => html`abierta desde ${time}`,
  mail: "Mensaje semanal",
  mailHelp: "A estas direcciones, separadas por comas. Vacío: ningún mensaje.",
  noRelay: "Aún no se envía ningún correo: bounced.yaml no tiene relay (mail.relay).",
  filterMistake: "La página ya no acepta este filtro: quite la vista y guárdela de nuevo",
  mailTo: "Destinatarios",
  weekday: "Día",
  weekdays: {
    monday: "lunes",
    tuesday: "martes",
    wednesday: "miércoles",
    thursday: "jueves",
    friday: "viernes",
    saturday: "sábado",
    sunday: "domingo",
  },
  hour: "Hora",
  timeZone: "Zona horaria",
  mailWhen: (day, hour, zone) => `${day}, ${hour}, ${zone}`,
  mailSent: (time) => html`último envío ${time}`,
  mailFailed: (why) => html`no enviado: ${why}`,
};
