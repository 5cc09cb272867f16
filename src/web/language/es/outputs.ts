/** Webhooks and help desks, and what was tried there, in Spanish. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");

export const SPANISH_OUTPUTS: Catalogue["outputs"] = {
  title: "Envíos salientes",
  lead: "Webhooks y centros de asistencia de bounced.yaml: qué espera, qué se intentó y qué se abandonó.",
  kinds: { webhook: "Webhook", "help-desk": "Centro de asistencia" },
  noneTitle: "Ningún webhook ni centro de asistencia",
  none: "Se configuran en bounced.yaml. Lo que no acepten durante un día aparecerá aquí y se podrá enviar de nuevo.",
  waiting: (n) => plural(n, { other: "# en espera" }),
  retrying: (n) => plural(n, { other: "# por reintentar" }),
  givenUp: (n) => plural(n, { one: "# abandonado", other: "# abandonados" }),
  sendAgain: "Enviar de nuevo",
  sendAgainTo: (id) => `Enviar de nuevo lo abandonado: ${id}`,
  replayed: (n) => plural(n, { one: "# evento devuelto a la cola.", other: "# eventos devueltos a la cola." }),
  when: "Cuándo",
  event: "Evento",
  outcome: "Resultado",
  conversation: "Conversación",
  answer: "Respuesta",
  noAnswer: "ninguna",
  taken: "aceptado",
  notTaken: "no aceptado",
  andMore: (more) => `y ${count(more)} más`,
  nothingTried: "Todavía no se intentó nada.",
  triesOf: (id) => `Últimos intentos: ${id}`,
  outcomes: {
    added: "nota añadida",
    present: "la nota ya estaba",
    not_found: "ninguna conversación",
    failed: "falló, se reintentará",
    given_up: "abandonado",
  },
  foundBy: { header: "por cabecera", "message-id": "por Message-ID", subject: "por asunto" },
};
