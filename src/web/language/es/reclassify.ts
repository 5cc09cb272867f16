/** Reclassification of the log, in Spanish. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("es");

export const SPANISH_RECLASSIFY: Catalogue["reclassify"] = {
  lead: "clasifica de nuevo los eventos pasados con las reglas actuales. Primero se muestra una vista previa; se conservan las clasificaciones antiguas.",
  noRule: "ninguna regla",
  onlyWhere: (conditions) => html`Solo donde ${conditions}.`,
  condition: (name, value) => html`${name} es ${value}`,
  wholeLog: "Usar todo el registro",
  selectionHint: (link) =>
    html`Para reclasificar una selección, se busca en el ${link("registro")} y se elige «Reclasificar estos eventos»
    bajo los resultados.`,
  preview: "Vista previa",
  replace: "Sustitución",
  replaceTitle: "Sustituir clasificaciones",
  runs: "Ejecuciones",
  runsHint: "desde el inicio del servicio",
  started: "Inicio",
  by: "Por",
  mode: "Modo",
  state: "Estado",
  read: "Leídos",
  changed: "Cambiados",
  stateRunning: "en curso",
  stateDone: "terminado",
  stateFailed: "fallido",
  stateStopped: "detenido",
  startedBy: (time, actor) => html`iniciado ${time} por ${actor}`,
  wouldChange: (n) => plural(n, { one: "# cambiaría", other: "# cambiarían" }),
  replaced: (n, listChanges) =>
    `${plural(n, { one: "# clasificación sustituida", other: "# clasificaciones sustituidas" })}, ${plural(listChanges, { one: "# cambio", other: "# cambios" })} de la lista de exclusión`,
  stop: "Detener",
  eventsRead: "Eventos leídos",
  progress: (events, said) =>
    `${plural(events, { one: "# evento clasificado", other: "# eventos clasificados" })} de nuevo: ${said}.`,
  progressOf: (events, total, said) =>
    `${count(events)} de ${plural(total, { one: "# evento", other: "# eventos" })} clasificados de nuevo: ${said}.`,
  unreadable: (n) =>
    plural(n, {
      one: "# evento no se puede clasificar de nuevo: hay muy poco guardado.",
      other: "# eventos no se pueden clasificar de nuevo: hay muy poco guardado.",
    }),
  refresh: "Actualizar",
  classifying: "Clasificando…",
  replacing: "Sustituyendo…",
  failed: (problem) => `Falló: ${problem}`,
  seeLog: "ver el registro del servicio",
  stoppedRules: "Detenido: cambiaron las reglas",
  stopped: "Detenido",
  nothingYet: "Aún no se ha cambiado nada",
  done: "Terminado",
  noChanges: "Ningún cambio",
  noChangesText: "Las reglas actuales clasifican estos eventos como antes.",
  eventsWouldChange: (n) => plural(n, { one: "# evento cambiaría", other: "# eventos cambiarían" }),
  eventsChanged: (n) => plural(n, { one: "# evento cambiado", other: "# eventos cambiados" }),
  hardMoves: (newly, longer) => `nuevos rebotes duros: ${count(newly)}, ya no duros: ${count(longer)}`,
  changes: "Cambios",
  from: "De",
  to: "A",
  examples: "Ejemplos",
  sameOtherRule: "lo mismo, por otra regla",
  outdated: "Las reglas han cambiado desde entonces. Hay que repetir la vista previa.",
  replaceCount: (n) => plural(n, { one: "Sustituir # clasificación", other: "Sustituir # clasificaciones" }),
  keptHint: "Las antiguas se conservan con cada evento. La lista de exclusión se actualiza.",
};
